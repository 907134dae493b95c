using System.Globalization;
using System.Text;
using Async.Toolkit.Pages;
using CsCheck;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

public sealed class LinkHeaderTests
{
    private static readonly Uri Request = new("https://api.example/v1/items?page=2&per_page=50");

    /// <summary>Headers with the target of their next page, resolved against <see cref="Request"/>; none where they have no next page.</summary>
    public static TheoryData<string, string?> Headers => new()
    {
        // RFC 8288, sections 3.3 to 3.5, and the appendix
        { """<http://example.com/TheBook/chapter2>; rel="previous"; title="previous chapter" """, null },
        { """</>; rel="http://example.net/foo" """, null },
        { """</terms>; rel="copyright"; anchor="#foo" """, null },
        { """</TheBook/chapter2>; rel="previous"; title*=UTF-8'de'letztes%20Kapitel, </TheBook/chapter4>; rel="next"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel""", "https://api.example/TheBook/chapter4" },
        { """<http://example.org/>; rel="start http://example.net/relation/other" """, null },
        { """<https://example.org/>; rel="start", <https://example.org/index>; rel="index" """, null },

        // as GitHub documents it
        { """<https://api.example/repositories/1300192/issues?page=2>; rel="prev", <https://api.example/repositories/1300192/issues?page=4>; rel="next", <https://api.example/repositories/1300192/issues?page=515>; rel="last", <https://api.example/repositories/1300192/issues?page=1>; rel="first" """, "https://api.example/repositories/1300192/issues?page=4" },
        { """<https://api.example/repositories/1300192/issues?per_page=2&page=2>; rel="next", <https://api.example/repositories/1300192/issues?per_page=2&page=7715>; rel="last" """, "https://api.example/repositories/1300192/issues?per_page=2&page=2" },
        { """<https://api.example/organizations/1/audit-log?after=MTY0NjQ1%7CMg%3D%3D&before=>; rel="next", <https://api.example/organizations/1/audit-log?after=&before=>; rel="first" """, "https://api.example/organizations/1/audit-log?after=MTY0NjQ1%7CMg%3D%3D&before=" },

        // as GitLab documents it: by page, and by keyset
        { """<https://gitlab.example/api/v4/projects/8/issues/8/notes?page=1&per_page=3>; rel="prev", <https://gitlab.example/api/v4/projects/8/issues/8/notes?page=3&per_page=3>; rel="next", <https://gitlab.example/api/v4/projects/8/issues/8/notes?page=1&per_page=3>; rel="first", <https://gitlab.example/api/v4/projects/8/issues/8/notes?page=3&per_page=3>; rel="last" """, "https://gitlab.example/api/v4/projects/8/issues/8/notes?page=3&per_page=3" },
        { """<https://gitlab.example/api/v4/projects?pagination=keyset&per_page=50&order_by=id&sort=asc&id_after=42>; rel="next" """, "https://gitlab.example/api/v4/projects?pagination=keyset&per_page=50&order_by=id&sort=asc&id_after=42" },

        // as Shopify documents it: first page, middle page, last page
        { """<https://shop.example/admin/api/2026-01/products.json?page_info=hijgklmn&limit=3>; rel=next""", "https://shop.example/admin/api/2026-01/products.json?page_info=hijgklmn&limit=3" },
        { """<https://shop.example/admin/api/2026-01/products.json?page_info=abcdefg&limit=3>; rel=previous, <https://shop.example/admin/api/2026-01/products.json?page_info=opqrstu&limit=3>; rel=next""", "https://shop.example/admin/api/2026-01/products.json?page_info=opqrstu&limit=3" },
        { """<https://shop.example/admin/api/2026-01/products.json?page_info=abcdefg&limit=3>; rel=previous""", null },

        // relative references
        { """<?page=3&per_page=50>; rel="next" """, "https://api.example/v1/items?page=3&per_page=50" },
        { """</v1/items?page=3>; rel="next" """, "https://api.example/v1/items?page=3" },
        { """<items/3>; rel="next" """, "https://api.example/v1/items/3" },
        { """<../v2/items>; rel="next" """, "https://api.example/v2/items" },
        { """<//other.example/items>; rel="next" """, "https://other.example/items" },
        { """<>; rel="next" """, "https://api.example/v1/items?page=2&per_page=50" },
        { """<#more>; rel="next" """, "https://api.example/v1/items?page=2&per_page=50#more" },

        // commas, semicolons and the like inside of URIs and of values
        { """<https://api.example/items?ids=1,2,3&page=3>; rel="next" """, "https://api.example/items?ids=1,2,3&page=3" },
        { """<https://api.example/a;b=c,d?x=<y>; rel="next" """.Replace("<y", "y", StringComparison.Ordinal), "https://api.example/a;b=c,d?x=y" },
        { """</3>; title="one, two; three <four>"; rel="next" """, "https://api.example/3" },
        { """</2>; title="a \"quoted\" \\ title, rel=next"; rel="prev", </3>; rel="next" """, "https://api.example/3" },

        // parameters in any order, any case, any number
        { """</3>; title="x"; hreflang=en; REL="Next" """, "https://api.example/3" },
        { """</3>;rel=NEXT""", "https://api.example/3" },
        { """</3>; rel="prev next last" """, "https://api.example/3" },
        { "</3>; rel=\"prev\tnext\"", "https://api.example/3" },
        { """</3>; rel="prev"; rel="next" """, null },
        { """</3>; rel="nextpage" """, null },
        { """</3>; rev="next" """, null },
        { """</3>""", null },
        { """</3>; rel""", null },
        { """</3>; crossorigin; rel="next" """, "https://api.example/3" },
        { """</3>; type=text/html; rel=next""", "https://api.example/3" },
        { """</3>; rel="next"; anchor="/v1/items?page=2&per_page=50" """, "https://api.example/3" },
        { """</3>; rel="next"; anchor="/another" """, null },

        // blanks and empty elements wherever they are allowed
        { "", null },
        { " \t ", null },
        { " , ,\t, ", null },
        { """  ,, </2>;rel=prev,,  ,</3>  ;  rel  =  "next"  ,,""", "https://api.example/3" },
        { """</3>;;; ;rel="next";""", "https://api.example/3" },
        { """< /3 >; rel="next" """, "https://api.example/3" },
        { """</2>; rel=prev,</3>; rel=next,</9>; rel=last""", "https://api.example/3" },

        // the same next page twice is one next page
        { """</3>; rel="next", <https://api.example/3>; rel="next" """, "https://api.example/3" },
    };

    [Fact]
    public void The_table_is_as_long_as_it_should_be() => Assert.InRange(Headers.Count, 40, int.MaxValue);

    [Theory]
    [MemberData(nameof(Headers))]
    public void The_next_page_is_found(string header, string? next) =>
        Assert.Equal(next, LinkHeader.FindNext(header, Request)?.AbsoluteUri);

    [Theory]
    [InlineData("/3; rel=next", 0, "'<' was expected")]
    [InlineData("rel=next", 0, "'<' was expected")]
    [InlineData("</3; rel=next", 1, "a '<' without '>'")]
    [InlineData("<", 1, "a '<' without '>'")]
    [InlineData("</2>; rel=prev </3>; rel=next", 15, "';', ',' or the end was expected")]
    [InlineData("</3> rel=next", 5, "';', ',' or the end was expected")]
    [InlineData("</2></3>; rel=next", 4, "';', ',' or the end was expected")]
    [InlineData("</3>; rel=\"next", 15, "a quoted value without its end")]
    [InlineData("</3>; rel=\"next\\", 16, "a quoted value without its end")]
    [InlineData("</3>; rel=\"next\"x", 16, "';', ',' or the end was expected")]
    [InlineData("</3>; rel=\"ne\u0001xt\"", 13, "a control character")]
    [InlineData("</3>; rel='next'", 10, "a relation type with a quotation mark")]
    [InlineData("</3>; rel=", 10, "a value was expected")]
    [InlineData("</3>; rel=,", 10, "a value was expected")]
    [InlineData("</3>; =next", 6, "the name of a parameter was expected")]
    [InlineData("</3>; rel=next, x", 16, "'<' was expected")]
    [InlineData("</\n3>; rel=next", 2, "a character that no URI has")]
    [InlineData("<a<b>; rel=next", 2, "a character that no URI has")]
    [InlineData("<http://[>; rel=next", 1, "no URI reference")]
    [InlineData("</3>; rel=next, </4>; rel=next", 17, "two different links with rel=\"next\", the second one")]
    public void A_header_that_breaks_the_rules_is_refused_and_shown(string header, int position, string problem)
    {
        var refused = Assert.Throws<LinkHeaderException>(() => LinkHeader.FindNext(header, Request));

        Assert.Equal(header, refused.Header);
        Assert.Equal(position, refused.Position);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(new string([.. header.Select(static c => char.IsControl(c) ? '\uFFFD' : c)]), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "")]
    [InlineData(401, "…")]
    [InlineData(10_000, "…")]
    public void A_long_header_is_shown_in_part(int length, string rest)
    {
        var refused = Assert.Throws<LinkHeaderException>(() => LinkHeader.FindNext(new string('x', length), Request));

        Assert.Equal(length, refused.Header.Length);
        Assert.Equal($"The Link header cannot be read: '<' was expected at position 0 of: {new string('x', 400)}{rest}", refused.Message);
    }

    [Fact]
    public void An_exception_that_was_given_no_header_has_an_empty_one()
    {
        var told = new LinkHeaderException("what is wrong");

        Assert.Equal(("", 0), (told.Header, told.Position));
    }

    [Fact]
    public void Links_hold_their_parameters_as_they_stand_there()
    {
        WebLink link = Assert.Single(LinkHeader.Parse("""<a>; Rel=x; b; c="d\"e"; rel=y"""));

        Assert.Equal("a", link.Target);
        Assert.Equal([new("Rel", "x"), new("b", null), new("c", "d\"e"), new("rel", "y")], link.Parameters);
        Assert.Equal("x", link["REL"]);
        Assert.Null(link["none"]);
    }

    [Fact]
    public void A_header_printed_from_links_is_read_as_the_same_links()
    {
        const string Token = "!#$%&'*+-.^_`|~09azAZ";
        Gen<string> value = Gen.String[Gen.Char["abc,;<>=\"\\ \té'*/"], 0, 8];
        Gen<KeyValuePair<string, string?>> parameter =
            from name in Gen.String[Gen.Char[Token], 1, 5]
            from given in Gen.Bool
            from text in value
            select new KeyValuePair<string, string?>(name, given ? text : null);
        Gen<WebLink> link =
            from target in Gen.String[Gen.Char["abc:/?,;=&%'."], 0, 12]
            from parameters in parameter.Where(static one => !one.Key.Equals("rel", StringComparison.OrdinalIgnoreCase)).Array[0, 4]
            select new WebLink(target, parameters);

        Gen.Select(link.Array[0, 4], Gen.Bool, Gen.Bool).Sample(
            static (links, bare, blanks) =>
            {
                List<WebLink> read = LinkHeader.Parse(Print(links, bare, blanks));
                return read.Count == links.Length && read.Zip(links).All(static pair =>
                    pair.First.Target == pair.Second.Target && pair.First.Parameters.SequenceEqual(pair.Second.Parameters));
            },
            iter: 20_000);
    }

    [Fact]
    public void A_million_random_headers_are_read_or_refused_and_nothing_else()
    {
        // Made of the pieces that the grammar is made of, so that most of them get past the first character; and of anything.
        string[] pieces = ["<", ">", ";", ",", "=", "\"", "\\", " ", "\t", "rel", "next", "rel=next", "anchor", "</a>", "<?p=2>", "; rel=\"next\"", "http://h/", "//", "[", "%", "\0", "é", "\uD800", "#", "x*", "'"];
        Gen<string> piece = Gen.OneOf(Gen.Int[0, pieces.Length - 1].Select(at => pieces[at]), Gen.Char.Select(static c => c.ToString()));
        int read = 0;
        int refused = 0;

        piece.Array[0, 14].Select(string.Concat).Sample(
            header =>
            {
                try
                {
                    LinkHeader.FindNext(header, Request);
                    Interlocked.Increment(ref read);
                }
                catch (LinkHeaderException)
                {
                    Interlocked.Increment(ref refused);
                }
            },
            iter: 1_000_000);

        // Neither side is there by accident.
        Assert.Equal(1_000_000, read + refused);
        Assert.InRange(read, 10_000, 990_000);
    }

    private static string Print(WebLink[] links, bool bare, bool blanks)
    {
        string blank = blanks ? " \t" : "";
        var header = new StringBuilder();
        foreach (WebLink link in links)
        {
            header.Append(CultureInfo.InvariantCulture, $"{blank},{blank}<{link.Target}>{blank}");
            foreach ((string name, string? value) in link.Parameters)
            {
                header.Append(CultureInfo.InvariantCulture, $";{blank}{name}");
                if (value is not null)
                {
                    bool asToken = bare && value.Length > 0 && value.All(static c => c is 'a' or 'b' or 'c' or '\'' or '*' or '/');
                    header.Append(blank).Append('=').Append(blank).Append(asToken ? value : Quoted(value));
                }
            }
        }

        return header.ToString();
    }

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
