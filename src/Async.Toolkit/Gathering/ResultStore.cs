using System.Diagnostics;
using System.Numerics;

namespace Async.Toolkit.Gathering;

/// <summary>
/// Results by index. Room is made by one thread at a time, in order; results are set by any thread for which room was made, without a lock:
/// segments are never moved. A source of known size needs one segment, which becomes the result itself.
/// </summary>
internal sealed class ResultStore<T>
{
    private const int UnknownFirstLength = 16;

    // Segment n > 0 begins where the ones before it end, and is as long as all of them together.
    private readonly T[]?[] _segments = new T[]?[32];
    private int _firstLength;

    /// <summary>How many results there is room for.</summary>
    public int Count { get; private set; }

    public void Reserve(long index, int? knownCount)
    {
        Debug.Assert(index == Count, "Room is made in order.");
        if (_segments[0] is null)
        {
            _firstLength = knownCount is > 0 and { } exact ? exact : UnknownFirstLength;
            _segments[0] = new T[_firstLength];
        }

        int segment = SegmentOf(Count);
        _segments[segment] ??= new T[StartOf(segment)];
        Count = checked(Count + 1);
    }

    public void Set(long index, T result)
    {
        int segment = SegmentOf((int)index);
        _segments[segment]![index - StartOf(segment)] = result;
    }

    /// <summary>All results, in order. Only when nothing is set any more.</summary>
    public T[] ToArray()
    {
        if (Count == 0)
        {
            return [];
        }

        if (Count == _firstLength)
        {
            return _segments[0]!;
        }

        var all = new T[Count];
        for (int segment = 0; segment < _segments.Length && StartOf(segment) < Count; segment++)
        {
            long start = StartOf(segment);
            T[] from = _segments[segment]!;
            Array.Copy(from, 0, all, start, Math.Min(from.Length, Count - start));
        }

        return all;
    }

    private int SegmentOf(int index) => index < _firstLength ? 0 : BitOperations.Log2((uint)(index / _firstLength)) + 1;

    private long StartOf(int segment) => segment == 0 ? 0 : (long)_firstLength << (segment - 1);
}
