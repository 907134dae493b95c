namespace Async.Toolkit.Groups;

/// <summary>A child that was accepted and has not started: small, because a burst may leave many of them waiting.</summary>
/// <param name="Work">A plain delegate, or an <see cref="IChildWork"/>.</param>
/// <param name="Origin">Where it comes from.</param>
internal readonly record struct WaitingChild(object Work, ChildOrigin Origin);

/// <summary>
/// First-in first-out queue for any number of threads. Adding and taking lock different ends, so that a burst of starts and the workers do not
/// hold each other up. It grows by linked segments and never copies; a used segment serves again, so a steady stream allocates nothing.
/// </summary>
internal sealed class ChildQueue
{
    private const int SmallestSegment = 4;
    private const int LargestSegment = 256;

    private SpinLock _adding = new(enableThreadOwnerTracking: false);
    private SpinLock _taking = new(enableThreadOwnerTracking: false);
    private Segment _tail;
    private Segment _head;
    private Segment? _spare;

    public ChildQueue() => _head = _tail = new Segment(SmallestSegment);

    /// <summary>Nothing was to be seen, neither here nor in a segment behind. A snapshot.</summary>
    public bool IsEmpty
    {
        get
        {
            Segment head = Volatile.Read(ref _head);
            return Volatile.Read(ref head.Start) == Volatile.Read(ref head.End) && Volatile.Read(ref head.Next) is null;
        }
    }

    public void Enqueue(in WaitingChild child)
    {
        bool locked = false;
        _adding.Enter(ref locked);
        Segment tail = _tail;
        int end = tail.End;
        if (end == tail.Slots.Length)
        {
            _tail = Interlocked.Exchange(ref _spare, null) ?? new Segment(Math.Min(end * 2, LargestSegment));
            _tail.Slots[0] = child;
            _tail.End = 1;

            // Published last: who sees the segment sees what it holds.
            Volatile.Write(ref tail.Next, _tail);
        }
        else
        {
            tail.Slots[end] = child;
            Volatile.Write(ref tail.End, end + 1);
        }

        _adding.Exit(useMemoryBarrier: false);
    }

    /// <summary>Takes the oldest child; <paramref name="more"/> tells whether another one was seen behind it.</summary>
    public bool TryDequeue(out WaitingChild child, out bool more)
    {
        bool locked = false;
        _taking.Enter(ref locked);
        Segment head = _head;
        if (head.Start == head.Slots.Length && Volatile.Read(ref head.Next) is { } next)
        {
            _head = next;
            head.Next = null;
            head.Start = head.End = 0;
            Volatile.Write(ref _spare, head);
            head = next;
        }

        int start = head.Start;
        bool found = start < Volatile.Read(ref head.End);
        if (found)
        {
            child = head.Slots[start];
            head.Slots[start] = default;
            head.Start = ++start;
            more = start < Volatile.Read(ref head.End) || Volatile.Read(ref head.Next) is not null;
        }
        else
        {
            child = default;
            more = false;
        }

        _taking.Exit(useMemoryBarrier: false);
        return found;
    }

    private sealed class Segment(int size)
    {
        public readonly WaitingChild[] Slots = new WaitingChild[size];
        public int Start;
        public int End;
        public Segment? Next;
    }
}
