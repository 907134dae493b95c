using Async.Toolkit.Internal;
using Xunit;

namespace Async.Toolkit.Tests.Internal;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("ct => users.GetAsync(id, ct)", "ct => users.GetAsync(id, ct)")]
    [InlineData("x1 => item2.Call3Async(utf8, a_1b2, @class)", "x1 => item2.Call3Async(utf8, a_1b2, @class)")]
    [InlineData("global::App.Main<int>", "global::App.Main<int>")]
    [InlineData("e\u0301\u0031 + \u2167\u0031", "e\u0301\u0031 + \u2167\u0031")]
    public void Code_is_kept_as_it_stands(string source, string name) => Assert.Equal(name, SourceText.Name(source));

    [Theory]
    [InlineData("f(\"key\")")]
    [InlineData("f(\"\")")]
    [InlineData("f(\"a\\\"key\\\\\")")]
    [InlineData("f(\"key\"u8)")]
    [InlineData("f(@\"c:\\key\\\")")]
    [InlineData("f(@\"a\"\"key\"\"\")")]
    [InlineData("f(@\"\"\"key\"\"\")")]
    [InlineData("f(\"\"\"key\"\"\"u8)")]
    [InlineData("f(\"\"\"\"a\"\"\"key\"\"\"\")")]
    [InlineData("f(\"\"\"\n  key \"\" key\n  \"\"\")")]
    [InlineData("f($\"key {x} key\")")]
    [InlineData("f($\"{{key}} {x}}}\")")]
    [InlineData("f($\"{x}\\\"key\")")]
    [InlineData("f($\"{d[\"key\"]}key\")")]
    [InlineData("f($\"{x:hh':\\\"'mm}key\")")]
    [InlineData("f($\"{x:'key}\")")]
    [InlineData("f($\"{(a ? \"}\" : 'b')}key\")")]
    [InlineData("f($\"{x /* \" } */ }key\")")]
    [InlineData("f($\"{y switch { '}' => \"key\", _ => 1 }}key\")")]
    [InlineData("f($\"{$\"{$\"key{z}\"}key\"}key\")")]
    [InlineData("f($@\"a\\{x}\"\"key\")")]
    [InlineData("f(@$\"\"\"key{x}\"\"\")")]
    [InlineData("f($\"\"\"key {x} \"key\" \"\"\")")]
    [InlineData("f($\"\"\"{ \"\"\"key\"\"\" } key\"\"\")")]
    [InlineData("f($$\"\"\"{key} {{x}} {{{y}}} key\"\"\")")]
    [InlineData("f($$$\"\"\"\"{{key}} {{{x}}} \"\"\"key \"\"\"\")")]
    [InlineData("f('k')")]
    [InlineData("f('\\'')")]
    [InlineData("f('\"')")]
    [InlineData("f('\\u0041')")]
    [InlineData("f(42)")]
    [InlineData("f(0xDEAD_BEEFul)")]
    [InlineData("f(0b1010_1010)")]
    [InlineData("f(1_000.5e-3f)")]
    [InlineData("f(6.02E+23)")]
    [InlineData("f(.5m)")]
    [InlineData("f(0.5e+3)")]
    [InlineData("f($$\"\"\"{{\"\"\"key\"\"\"}} key\"\"\")")]
    [InlineData("f($\"{\"a\":x}key\")")]
    [InlineData("f($\"{((a) ? b : \"c\")}key\")")]
    [InlineData("f($\"{d[(a) ? b : \"c\"]}key\")")]
    [InlineData("f($\"{x:a}{d[\"key\"]}key\")")]
    [InlineData("f($@\"{x:\"\"}key\")")]
    [InlineData("f($\"{x:a}}b}key\")")]
    public void A_literal_of_any_form_is_one_ellipsis(string source) => Assert.Equal("f(…)", SourceText.Name(source));

    [Theory]
    [InlineData("0x1E+key1", "…+key1")]
    [InlineData("list[1..5]", "list[…..…]")]
    [InlineData("$\"{{\" + key + $\"{{{x}\"", "… + key + …")]
    [InlineData("1.ToString()", "….ToString()")]
    [InlineData("$@x + 42", "$@x + …")]
    [InlineData("a + $$", "a + $$")]
    [InlineData("a# \"key\"", "a# …")]
    [InlineData("f(@\"{\", key)", "f(…, key)")]
    [InlineData("f(\"{\", key)", "f(…, key)")]
    [InlineData("f(\"a\"+8)", "f(…+…)")]
    [InlineData("f($\"{x:a\" + b)", "f(… + b)")]
    [InlineData("f($@\"{x:a\" + b)", "f(… + b)")]
    [InlineData("a # \"key\"", "a # …")]
    [InlineData("f(@@\"a\\\", b)", "f(…, b)")]
    [InlineData("\"a\" + @\"b\" + name + 'c'", "… + … + name + …")]
    public void Only_the_literal_itself_is_hidden(string source, string name) => Assert.Equal(name, SourceText.Name(source));

    [Theory]
    [InlineData("a // it's \"gone\n + b", "a + b")]
    [InlineData("a /* \" ' \n { */ + b", "a + b")]
    [InlineData("a //\u2028+ b", "a + b")]
    [InlineData("f(\r\n  #if DEBUG // it's\r\n  a,\r\n#else\r\n  b,\r\n#endif\r\n  c)", "f( a, b, c)")]
    [InlineData("f(\n#error don't \"\n\"x\", y)", "f( …, y)")]
    [InlineData("a // never ends", "a")]
    [InlineData("/* gone */ a", "a")]
    [InlineData("a/*/ gone */ + b", "a + b")]
    [InlineData("a /* never ends", "a")]
    public void Comments_and_preprocessor_lines_are_dropped(string source, string name) => Assert.Equal(name, SourceText.Name(source));

    [Fact]
    public void An_apostrophe_in_text_that_was_compiled_out_hides_no_more_than_its_line() =>
        Assert.Equal("f( don… …, y)", SourceText.Name("f(\n#if NEVER\ndon't\n#endif\n\"secret\", y)"));

    [Fact]
    public void White_space_becomes_single_blanks() => Assert.Equal("a => b()", SourceText.Name("  a\t=>\r\n\r\n     b()\u2029 "));

    [Theory]
    [InlineData("é\u001b", @"é\u001b")]
    [InlineData("a\u0000b\u001bc\u007Fd\u009Fe", @"a\u0000b\u001bc\u007fd\u009fe")]
    [InlineData("a\u202A\u202B\u202C\u202D\u202Eb", @"a\u202a\u202b\u202c\u202d\u202eb")]
    [InlineData("a\u2066\u2067\u2068\u2069\u200E\u200F\u061Cb", @"a\u2066\u2067\u2068\u2069\u200e\u200f\u061cb")]
    [InlineData("a\u200Bb\uFEFFc\u00ADd", @"a\u200bb\ufeffc\u00add")]
    [InlineData("a\uDB40\uDC41b", @"a\udb40\udc41b")]
    [InlineData("\uD83D\uDE00 é x\u00A0y", "\uD83D\uDE00 é x\u00A0y")]
    public void What_could_spoil_a_line_is_escaped(string source, string name)
    {
        Assert.Equal(name.Replace('\u00A0', ' '), SourceText.Name(source));
        Assert.Equal(name, SourceText.OneLine(source));
        Assert.Equal(name, SourceText.Whole(source));
    }

    // The compiler hands over code with its line breaks, which say nothing; in a name that somebody chose they are part of it.
    [Fact]
    public void A_line_break_is_a_blank_in_code_and_an_escape_in_a_given_name()
    {
        const string Broken = "a\nb\r\n\tc\u0085d\u2028e\u2029f  g ";

        Assert.Equal("a b c d e f g", SourceText.Name(Broken));
        Assert.Equal(@"a\nb\r\n\tc\u0085d\u2028e\u2029f  g ", SourceText.OneLine(Broken));
        Assert.Equal(@"a\nb\r\n\tc\u0085d\u2028e\u2029f  g ", SourceText.Whole(Broken));
    }

    // Not as theory data: a lone surrogate does not survive the way there.
    [Fact]
    public void A_lone_surrogate_is_escaped()
    {
        Assert.Equal(@"a\ud83db\ude00", SourceText.Name("a\uD83Db\uDE00"));
        Assert.Equal(@"a\ud83db\ude00\ud83d", SourceText.OneLine("a\uD83Db\uDE00\uD83D"));
    }

    [Theory]
    [InlineData("order 17 for 'Ann' <a@b> \\n")]
    [InlineData("  two  blanks  ")]
    [InlineData("été – 日本 \uD83D\uDE00")]
    [InlineData("")]
    public void A_name_without_anything_to_escape_is_the_same_object(string given)
    {
        Assert.Same(given, SourceText.OneLine(given));
        Assert.Same(given, SourceText.Whole(given));
    }

    [Fact]
    public void What_was_escaped_is_not_escaped_again()
    {
        string once = SourceText.OneLine("a\nb\u001b");

        Assert.Same(once, SourceText.OneLine(once));
    }

    [Theory]
    [InlineData(73, true)]
    [InlineData(74, false)]
    [InlineData(78, false)]
    public void An_escape_is_not_cut_in_two(int before, bool fits)
    {
        string text = new('a', before);

        Assert.Equal(text + (fits ? @"\u001b…" : "…"), SourceText.OneLine(text + "\u001bend"));
    }

    [Fact]
    public void A_text_that_is_to_be_whole_is_never_cut() => Assert.Equal(new string('a', 500) + @"\n", SourceText.Whole(new string('a', 500) + "\n"));

    [Theory]
    [InlineData(79)]
    [InlineData(80)]
    public void A_text_that_fits_is_kept_whole(int length)
    {
        string text = new('a', length);

        Assert.Equal(text, SourceText.Name(text));
        Assert.Same(text, SourceText.OneLine(text));
    }

    [Fact]
    public void A_longer_text_ends_with_an_ellipsis()
    {
        string expected = new string('a', 79) + "…";

        Assert.Equal(expected, SourceText.Name(new string('a', 81)));
        Assert.Equal(expected, SourceText.OneLine(new string('a', 5000)));
    }

    [Fact]
    public void A_surrogate_pair_is_not_cut_in_two() =>
        Assert.Equal(new string('a', 78) + "…", SourceText.OneLine(new string('a', 78) + "\uD83D\uDE00\uD83D\uDE00"));

    [Theory]
    [InlineData("$\"{")]
    [InlineData("$\"\"\"{")]
    [InlineData("'")]
    [InlineData("$$$\"\"\"{{{ @\"")]
    [InlineData("((((((((((((")]
    public void Text_nested_without_end_is_read_without_trouble(string unit)
    {
        string source = string.Concat(Enumerable.Repeat(unit, 20_000));

        Assert.InRange(SourceText.Name(source).Length, 1, SourceText.MaxLength);
    }

    [Theory]
    [InlineData("\"a")]
    [InlineData("\"a\\")]
    [InlineData("@\"a\"\"")]
    [InlineData("'a")]
    [InlineData("\"\"\"a\"\"")]
    [InlineData("$\"a{b")]
    [InlineData("$\"a{b:c")]
    [InlineData("$\"a{b:c\\")]
    [InlineData("$@\"a{b:\"\"")]
    [InlineData("$\"\"\"a\"\"")]
    [InlineData("$\"\"\"{a:\"\"")]
    [InlineData("$$\"\"\"{{a}")]
    [InlineData("$$\"\"\"{{a:b}")]
    public void A_literal_without_an_end_ends_with_the_text(string source)
    {
        Assert.Equal(SourceToken.Literal, SourceLexer.Next(source, 0, out int end));
        Assert.Equal(source.Length, end);
    }

    [Fact]
    public void Two_sites_are_the_same_where_all_of_them_is()
    {
        string text = "f(x)", file = "File.cs", otherText = "g(y)", otherFile = "Other.cs";
        var site = CallerSite.OfSource(text, file, 12);

        Assert.True(site.IsSameAs(CallerSite.OfSource(text, file, 12)));
        Assert.False(site.IsSameAs(CallerSite.OfSource(text, file, 13)));
        Assert.False(site.IsSameAs(CallerSite.OfSource(otherText, file, 12)));
        Assert.False(site.IsSameAs(CallerSite.OfSource(text, otherFile, 12)));
        Assert.False(site.IsSameAs(CallerSite.Given(text, file, 12)));
    }

    [Fact]
    public void A_site_shows_its_source_without_literals_and_its_given_name_as_it_is()
    {
        var source = CallerSite.OfSource("f(\"key\")", "File.cs", 12);
        var given = CallerSite.Given("order 17\nfor 'Ann'", "File.cs", 12);

        Assert.Equal(("f(…)", "File.cs", 12), (source.Name, source.File, source.Line));
        Assert.Equal("f(…) (File.cs:12)", source.Place);
        Assert.Equal("f(…)", CallerSite.OfSource("f(\"key\")", "", 0).Place);
        Assert.Equal((@"order 17\nfor 'Ann'", "File.cs", 12), (given.Name, given.File, given.Line));
    }
}
