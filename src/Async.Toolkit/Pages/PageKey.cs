using System.Globalization;

namespace Async.Toolkit.Pages;

/// <summary>Where a page is: a cursor or URI, or a page number or offset. Its text is made only when somebody asks for it.</summary>
internal readonly record struct PageKey
{
    private readonly string? _text;

    private PageKey(string? text, long number, bool isUneven)
    {
        _text = text;
        Number = number;
        IsUneven = isUneven;
    }

    /// <summary>The cursor or URI; <see langword="null"/> for the first page of all.</summary>
    public string? Text => _text;

    public long Number { get; }

    /// <summary>A page before this one was not full though more followed: numbers times page size do not give places any more.</summary>
    public bool IsUneven { get; }

    public static PageKey Of(string? text) => new(text, 0, isUneven: false);

    public static PageKey Of(long number, bool isUneven = false) => new(null, number, isUneven);

    /// <summary>The same place, however it was come by.</summary>
    public bool IsSamePlaceAs(PageKey other) => Number == other.Number && _text == other._text;

    public override string ToString() => _text ?? Number.ToString(CultureInfo.InvariantCulture);
}
