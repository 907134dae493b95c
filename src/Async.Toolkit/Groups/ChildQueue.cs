using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>A child that was accepted and has not started: small, because a burst may leave many of them waiting.</summary>
/// <param name="Work">A plain delegate, or an <see cref="IChildWork"/>.</param>
/// <param name="Context">What the child's <see cref="AsyncLocal{T}"/>s are; <see langword="null"/> where the flow was suppressed.</param>
/// <param name="Site">Where it was started, and its name.</param>
internal readonly record struct WaitingChild(object Work, ExecutionContext? Context, CallerSite Site);

/// <summary>
/// First-in first-out queue of waiting children in linked segments: growing never copies, and a segment that is used up is kept for the next
/// one, so that a steady stream allocates nothing. Not synchronized: the group's lock guards it.
/// </summary>
internal sealed class ChildQueue
{
    private const int SmallestSegment = 4;
    private const int LargestSegment = 256;

    private Segment? _head;
    private Segment? _tail;
    private Segment? _spare;

    public void Enqueue(in WaitingChild child)
    {
        if (_tail is null || _tail.End == _tail.Slots.Length)
        {
            Segment next = NextSegment();
            if (_tail is null)
            {
                _head = next;
            }
            else
            {
                _tail.Next = next;
            }

            _tail = next;
        }

        _tail.Slots[_tail.End++] = child;
    }

    public bool TryDequeue(out WaitingChild child)
    {
        Segment? head = _head;
        if (head is null || head.Start == head.End)
        {
            child = default;
            return false;
        }

        child = head.Slots[head.Start];
        head.Slots[head.Start++] = default;
        if (head.Start == head.End)
        {
            Retire(head);
        }

        return true;
    }

    private void Retire(Segment used)
    {
        if (used.Next is { } next)
        {
            _head = next;
            used.Next = null;
            _spare = used;
        }

        used.Start = used.End = 0;
    }

    private Segment NextSegment()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        return new Segment(_tail is null ? SmallestSegment : Math.Min(_tail.Slots.Length * 2, LargestSegment));
    }

    private sealed class Segment(int size)
    {
        public readonly WaitingChild[] Slots = new WaitingChild[size];
        public int Start;
        public int End;
        public Segment? Next;
    }
}
