using System.Text;

namespace Async.Toolkit.Internal;

/// <summary>A text that ends with <c>…</c> where it would get too long, and is cut only between what was appended: nothing of that is torn apart.</summary>
internal struct ShortText(int maxLength)
{
    private readonly StringBuilder _text = new();
    private int _whole;

    /// <summary>It is too long already: nothing more will be seen of it.</summary>
    public readonly bool IsFull => _text.Length > maxLength;

    public void Append(ReadOnlySpan<char> unit)
    {
        _text.Append(unit);
        if (_text.Length < maxLength)
        {
            // Up to here there is room for the ellipsis.
            _whole = _text.Length;
        }
    }

    /// <summary>A single blank, and none at the beginning.</summary>
    public void AppendSpace()
    {
        if (_text.Length > 0 && _text[^1] != ' ')
        {
            Append(" ");
        }
    }

    public override readonly string ToString() =>
        IsFull ? $"{_text.ToString(0, _whole)}…" : _text.ToString();
}
