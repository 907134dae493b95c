namespace Async.Toolkit.Testing;

/// <summary>The armed timers, the earliest first; of one instant, the one that was created first.</summary>
/// <remarks>A binary heap whose items know their places: a timer that is disposed or set anew leaves nothing behind.</remarks>
internal sealed class TimerHeap
{
    private VirtualTimer[] _items = new VirtualTimer[16];

    public int Count { get; private set; }

    public VirtualTimer? First => Count > 0 ? _items[0] : null;

    /// <summary>In no particular order.</summary>
    public ReadOnlySpan<VirtualTimer> Items => _items.AsSpan(0, Count);

    /// <summary>Puts the timer where its due time belongs, whether it was in the heap or not.</summary>
    public void Put(VirtualTimer timer)
    {
        if (timer.Place < 0)
        {
            if (Count == _items.Length)
            {
                Array.Resize(ref _items, 2 * Count);
            }

            timer.Place = Count++;
            _items[timer.Place] = timer;
        }

        SiftDown(SiftUp(timer));
    }

    public void Remove(VirtualTimer timer)
    {
        int hole = timer.Place;
        if (hole < 0)
        {
            return;
        }

        timer.Place = -1;
        VirtualTimer last = _items[--Count];
        _items[Count] = null!;
        if (last != timer)
        {
            last.Place = hole;
            _items[hole] = last;
            SiftDown(SiftUp(last));
        }
    }

    public void Clear()
    {
        foreach (VirtualTimer timer in Items)
        {
            timer.Place = -1;
        }

        Array.Clear(_items);
        Count = 0;
    }

    private static bool IsBefore(VirtualTimer one, VirtualTimer other) =>
        one.Due != other.Due ? one.Due < other.Due : one.Number < other.Number;

    private VirtualTimer SiftUp(VirtualTimer timer)
    {
        int place = timer.Place;
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (!IsBefore(timer, _items[parent]))
            {
                break;
            }

            Set(place, _items[parent]);
            place = parent;
        }

        Set(place, timer);
        return timer;
    }

    private void SiftDown(VirtualTimer timer)
    {
        int place = timer.Place;
        while (2 * place + 1 < Count)
        {
            int child = 2 * place + 1;
            if (child + 1 < Count && IsBefore(_items[child + 1], _items[child]))
            {
                child++;
            }

            if (!IsBefore(_items[child], timer))
            {
                break;
            }

            Set(place, _items[child]);
            place = child;
        }

        Set(place, timer);
    }

    private void Set(int place, VirtualTimer timer)
    {
        _items[place] = timer;
        timer.Place = place;
    }
}
