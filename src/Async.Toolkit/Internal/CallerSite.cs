namespace Async.Toolkit.Internal;

/// <summary>Where a piece of work was started, and the text it is named by. Made readable only when somebody reads it.</summary>
internal readonly struct CallerSite
{
    private readonly string _text;
    private readonly int _line;

    private CallerSite(string text, string file, int line)
    {
        _text = text;
        File = file;
        _line = line;
    }

    public string File { get; }

    public int Line => _line & int.MaxValue;

    /// <summary>One line, at most <see cref="SourceText.MaxLength"/> characters, without the literals of the source.</summary>
    public string Name => IsGiven ? SourceText.OneLine(_text) : SourceText.Name(_text);

    /// <summary>The name with the place in the code, as it is shown wherever both are told.</summary>
    public string Place => SourceText.Place(Name, File.Length > 0 ? File : null, Line);

    // The sign bit tells a name that the user gave from source text that still has to be cleaned.
    private bool IsGiven => _line < 0;

    /// <summary>The same call in the source. Compares references: the compiler gives one call the same strings each time.</summary>
    public bool IsSameAs(in CallerSite other) =>
        _line == other._line && ReferenceEquals(_text, other._text) && ReferenceEquals(File, other.File);

    public static CallerSite OfSource(string expression, string file, int line) => new(expression, file, line & int.MaxValue);

    public static CallerSite Given(string name, string file, int line) => new(name, file, line | int.MinValue);
}
