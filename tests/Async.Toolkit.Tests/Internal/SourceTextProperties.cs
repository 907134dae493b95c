using System.Globalization;
using Async.Toolkit.Internal;
using CsCheck;
using Xunit;

namespace Async.Toolkit.Tests.Internal;

public sealed class SourceTextProperties
{
    private const string Secret = "hunter2";

    private static readonly Gen<string> Word = AnyOf("ct", "users", "GetAsync", "x1", "@class", "a_1", "é", "await");

    private static readonly Gen<string> Filler = AnyOf("", " ", "abc", "it''s", "é", "//", "/*", "#if", ":", ";", "(", "]");

    // Everything below gives valid C#: the promise is about what the compiler hands over.
    private static readonly Gen<string> Code = Gen.Recursive<string>((depth, self) => depth > 3
        ? Word
        : Gen.OneOf(
            Word,
            Literal(self),
            Gen.Select(self, self, (a, b) => $"{a} + {b}"),
            Gen.Select(Word, self, self, (f, a, b) => $"{f}({a}, {b})"),
            Gen.Select(Word, self, (p, a) => $"{p} => {{ {a}; }}"),
            Gen.Select(self, Filler, (a, text) => $"{a} // \" ' {text}\n"),
            Gen.Select(self, Filler, (a, text) => $"{a} /* \" ' {text} */"),
            Gen.Select(self, (a) => $"f(\n#if X // don't \"\n{a}\n#endif\n)")));

    private static readonly Gen<char> AnyChar = Gen.OneOf(
        AnyOf('"', '\'', '$', '@', '{', '}', '\\', '/', '*', '#', '\n', '\r', ' ', '.', ':', 'e', '+', '0', '9', 'u', '8', 'a'),
        Gen.Char['\u0000', '\uFFFF']);

    [Fact]
    public void A_secret_in_any_literal_never_appears_in_the_name() =>
        Gen.Select(Code, Literal(Code), Code, Gen.Int[0, 3], (before, secret, after, shape) => shape switch
        {
            0 => secret,
            1 => $"ct => f({secret}, {after})",
            2 => $"ct => f({before}, {secret})",
            _ => $"f({before})[{secret}] + {after}",
        })
        .Sample(source => !SourceText.Name(source).Contains(Secret, StringComparison.Ordinal), iter: 200_000);

    [Fact]
    public void The_whole_text_of_a_literal_is_one_token() =>
        Literal(Code).Sample(
            literal =>
            {
                var token = SourceLexer.Next(literal + " + x", 0, out int end);
                return token == SourceToken.Literal && end == literal.Length;
            },
            iter: 200_000);

    [Fact]
    public void A_million_random_texts_give_a_short_line_each() =>
        AnyChar.Array[0, 120].Select(chars => new string(chars))
            .Sample(text => IsShortLine(SourceText.Name(text)) && IsShortLine(SourceText.OneLine(text)), iter: 1_000_000);

    /// <summary>A literal with the secret in its text, in one of C#'s forms, its holes filled with <paramref name="code"/>.</summary>
    private static Gen<string> Literal(Gen<string> code) => Gen.OneOf(
        Filler.Select(text => $"\"{text}{Secret}\\\"{text}\\\\\""),
        Filler.Select(text => $"\"{text}{Secret}\"u8"),
        Filler.Select(text => $"@\"{text}\\\"\"{Secret}\n\"\"\""),
        Filler.Select(text => $"@\"\"\"{Secret}{text}\""),
        Gen.Select(Filler, Gen.Int[3, 6], (text, quotes) => $"{Quotes(quotes)}{text} {Quotes(quotes - 1)} {Secret}' {Quotes(quotes)}"),
        Gen.Select(Filler, code, (text, hole) => $"$\"{text}{{{{{{({hole})}}{Secret}\\\"{text}}}}}\""),
        Gen.Select(Filler, code, (text, hole) => $"$\"{{({hole}),-5:'\\\"{Secret}'}}{text}{Secret}\""),
        Gen.Select(Filler, code, (text, hole) => $"$@\"{text}\\{{({hole}):it's \"\"}}\"\"{Secret}\n\""),
        Gen.Select(Filler, code, (text, hole) => $"@$\"{Secret}{{ ({hole}) /* }} \" */ }}{text}\"\"\""),
        Gen.Select(Filler, code, Gen.Int[1, 3], Gen.Int[3, 5], Raw));

    private static string Raw(string text, string hole, int dollars, int quotes)
    {
        string few = new('{', dollars - 1);
        return $"{new string('$', dollars)}{Quotes(quotes)}{text} {few}{Secret} {Quotes(quotes - 1)} {few}{new string('{', dollars)}({hole}){new string('}', dollars)} '{Secret}' {Quotes(quotes)}";
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Quotes(int count) => new('"', count);

    private static bool IsShortLine(string name) =>
        name.Length <= SourceText.MaxLength
        && !name.Any(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format || c is '\u2028' or '\u2029')
        && IsWellFormed(name);

    private static bool IsWellFormed(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(name[i]))
            {
                return false;
            }
        }

        return true;
    }
}
