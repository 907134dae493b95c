using System.Buffers;
using System.Text;

namespace Async.Toolkit.Pages;

/// <summary>
/// Reads the value of a <c>Link</c> header (RFC 8288, section 3). As generous as the servers require: empty list elements and parameters, blanks around
/// "=", unquoted values with the characters of the older RFC 5988. Everything else is refused: a link that is passed over is a page that is lost.
/// </summary>
internal ref struct LinkHeader
{
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> BareValueChars =
        SearchValues.Create("!#$%&'()*+-./:<=>?@[]^_`{|}~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly string _header;
    private int _at;

    private LinkHeader(string header) => _header = header;

    private readonly bool IsAtEnd => _at == _header.Length;

    /// <exception cref="LinkHeaderException">The header breaks the rules.</exception>
    public static List<WebLink> Parse(string header)
    {
        var reader = new LinkHeader(header);
        var links = new List<WebLink>();
        while (true)
        {
            reader.SkipBlanks();
            if (reader.IsAtEnd)
            {
                return links;
            }

            if (!reader.Take(','))
            {
                links.Add(reader.ReadLink());
            }
        }
    }

    /// <summary>
    /// The target of the link to the next page, or <see langword="null"/>. Relative references are resolved against <paramref name="request"/>.
    /// </summary>
    /// <exception cref="LinkHeaderException">The header breaks the rules, names a target that is no URI, or names several next pages.</exception>
    public static Uri? FindNext(string header, Uri request)
    {
        Uri? next = null;
        foreach (WebLink link in Parse(header))
        {
            // An anchor says that the link is about another resource than the page that was asked for.
            if (!link.Is("next") || (link["anchor"] is { } anchor && Resolve(anchor, request, header) != request))
            {
                continue;
            }

            Uri target = Resolve(link.Target, request, header);
            if (next is not null && next != target)
            {
                throw new LinkHeaderException($"two different links with rel=\"next\", the second one", header, header.LastIndexOf(link.Target, StringComparison.Ordinal));
            }

            next = target;
        }

        return next;
    }

    private static Uri Resolve(string reference, Uri request, string header) =>
        Uri.TryCreate(request, reference, out Uri? resolved)
            ? resolved
            : throw new LinkHeaderException("no URI reference", header, Math.Max(header.IndexOf(reference, StringComparison.Ordinal), 0));

    private WebLink ReadLink()
    {
        string target = ReadTarget();
        var parameters = new List<KeyValuePair<string, string?>>(2);
        while (true)
        {
            SkipBlanks();
            if (IsAtEnd || Take(','))
            {
                return new WebLink(target, parameters);
            }

            if (!Take(';'))
            {
                throw Trouble("';', ',' or the end was expected");
            }

            SkipBlanks();
            if (!IsAtEnd && _header[_at] is not (';' or ','))
            {
                parameters.Add(ReadParameter());
            }
        }
    }

    private string ReadTarget()
    {
        if (!Take('<'))
        {
            throw Trouble("'<' was expected");
        }

        int close = _header.IndexOf('>', _at);
        if (close < 0)
        {
            throw Trouble("a '<' without '>'");
        }

        ReadOnlySpan<char> target = _header.AsSpan(_at, close - _at);
        for (int i = 0; i < target.Length; i++)
        {
            if (char.IsControl(target[i]) || target[i] is '<' or '"')
            {
                _at += i;
                throw Trouble("a character that no URI has");
            }
        }

        _at = close + 1;
        return target.Trim(' ').ToString();
    }

    private KeyValuePair<string, string?> ReadParameter()
    {
        string name = TakeRun(TokenChars, "the name of a parameter was expected");
        SkipBlanks();
        if (!Take('='))
        {
            return new(name, null);
        }

        SkipBlanks();
        int start = _at;
        string value = Take('"') ? ReadQuoted() : TakeRun(BareValueChars, "a value was expected");
        if (name.Equals("rel", StringComparison.OrdinalIgnoreCase) && value.AsSpan().ContainsAny('\'', '"'))
        {
            // rel='next' would be a relation of the name 'next', quotes included: the header's author meant something else.
            _at = start;
            throw Trouble("a relation type with a quotation mark");
        }

        return new(name, value);
    }

    private string ReadQuoted()
    {
        var value = new StringBuilder();
        while (!IsAtEnd)
        {
            char c = _header[_at++];
            if (c == '"')
            {
                return value.ToString();
            }

            if (c == '\\' && !IsAtEnd)
            {
                c = _header[_at++];
            }

            if (char.IsControl(c) && c != '\t')
            {
                _at--;
                throw Trouble("a control character");
            }

            value.Append(c);
        }

        throw Trouble("a quoted value without its end");
    }

    private string TakeRun(SearchValues<char> allowed, string otherwise)
    {
        ReadOnlySpan<char> rest = _header.AsSpan(_at);
        int length = rest.IndexOfAnyExcept(allowed);
        length = length < 0 ? rest.Length : length;
        if (length == 0)
        {
            throw Trouble(otherwise);
        }

        _at += length;
        return rest[..length].ToString();
    }

    private bool Take(char expected)
    {
        if (IsAtEnd || _header[_at] != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (!IsAtEnd && _header[_at] is ' ' or '\t')
        {
            _at++;
        }
    }

    private readonly LinkHeaderException Trouble(string problem) => new(problem, _header, _at);
}
