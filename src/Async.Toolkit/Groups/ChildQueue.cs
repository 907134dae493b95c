namespace Async.Toolkit.Groups;

/// <summary>A child that was accepted and has not started: small, because a burst may leave many of them waiting.</summary>
/// <param name="Work">A plain delegate, or an <see cref="IChildWork"/>.</param>
/// <param name="Origin">Where it comes from.</param>
internal readonly record struct WaitingChild(object Work, ChildOrigin Origin);

/// <summary>
/// First-in first-out queue for any number of threads. Adding and taking lock different ends, so that a burst of starts and the workers do not
/// hold each other up. It grows by linked segments and never copies; a few used segments serve again, so steady work in bursts of a few hundred
/// allocates nothing.
/// </summary>
internal sealed class ChildQueue
{
    private const int SmallestSegment = 4;
    private const int LargestSegment = 256;
    private const int MostSpares = 4;

    private SpinLock _adding = new(enableThreadOwnerTracking: false);
    private SpinLock _taking = new(enableThreadOwnerTracking: false);
    private Segment _tail;
    private Segment _head;
    private Segment? _spares;
    private int _spareCount;

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
            _tail = TakeSpare() ?? new Segment(Math.Min(end * 2, LargestSegment));
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
            KeepSpare(head);
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

    /// <summary>The oldest children up to <paramref name="most"/>, and how many there are behind them. They stay where they are. A snapshot.</summary>
    public List<WaitingChild> Peek(int most, out int more)
    {
        // Room beforehand: nothing is allocated while others wait. Who is there all the time only moves forward meanwhile, so there is room for him.
        most = Math.Min(most, Count());
        var children = new List<WaitingChild>(most);
        bool locked = false;
        more = 0;

        // Nobody takes meanwhile, so no segment that is seen here is used again.
        _taking.Enter(ref locked);
        for (Segment? segment = _head; segment is not null; segment = Volatile.Read(ref segment.Next))
        {
            int end = Volatile.Read(ref segment.End);
            int taken = Math.Min(end - segment.Start, most - children.Count);
            children.AddRange(segment.Slots.AsSpan(segment.Start, taken));
            more += end - segment.Start - taken;
        }

        _taking.Exit(useMemoryBarrier: false);
        return children;
    }

    private int Count()
    {
        int count = 0;
        bool locked = false;
        _taking.Enter(ref locked);
        for (Segment? segment = _head; segment is not null; segment = Volatile.Read(ref segment.Next))
        {
            count += Volatile.Read(ref segment.End) - segment.Start;
        }

        _taking.Exit(useMemoryBarrier: false);
        return count;
    }

    // Only the holder of the taking lock puts spares in and only the holder of the adding lock takes them out. With one taker at a time a
    // segment cannot leave and come back between that taker's look and its swap.
    private void KeepSpare(Segment used)
    {
        used.Start = used.End = 0;
        used.Next = null;
        if (Volatile.Read(ref _spareCount) == MostSpares)
        {
            return;
        }

        Interlocked.Increment(ref _spareCount);
        Segment? top = Volatile.Read(ref _spares);
        while (true)
        {
            used.Next = top;
            Segment? found = Interlocked.CompareExchange(ref _spares, used, top);
            if (found == top)
            {
                return;
            }

            top = found;
        }
    }

    private Segment? TakeSpare()
    {
        Segment? top = Volatile.Read(ref _spares);
        while (top is not null)
        {
            Segment? found = Interlocked.CompareExchange(ref _spares, top.Next, top);
            if (found == top)
            {
                Interlocked.Decrement(ref _spareCount);
                top.Next = null;
                return top;
            }

            top = found;
        }

        return null;
    }

    private sealed class Segment(int size)
    {
        public readonly WaitingChild[] Slots = new WaitingChild[size];
        public int Start;
        public int End;
        public Segment? Next;
    }
}
