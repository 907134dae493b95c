using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>The look at the pool against every way in which its reads can fall between the steps of a pool.</summary>
public sealed class PoolModelTests
{
    // So many numbers does a whole look read.
    private const int Reads = 7;

    // One item from outside of the pool.
    private static readonly Step[] FromOutside = [Step.Queue, Step.Call, Step.Take, Step.End, Step.Count, Step.Leave];

    // Each item leaves another one, and each worker leaves without having seen it: another one is called only then.
    private static readonly Step[] OneBehindTheOther =
    [
        Step.Queue,
        Step.Call, Step.Take, Step.Queue, Step.End, Step.Count, Step.Leave,
        Step.Call, Step.Take, Step.Queue, Step.End, Step.Count, Step.Leave,
        Step.Call, Step.Take, Step.End, Step.Count, Step.Leave,
    ];

    // Two workers; one of them is retired while an item is in its own queue, and hands that on when no worker is busy any more.
    private static readonly Step[] HandedOn =
    [
        Step.Queue, Step.Call, Step.Queue, Step.Call, Step.Take, Step.Take, Step.Queue, Step.End, Step.Count, Step.Leave, Step.End, Step.Count, Step.Leave,
        Step.PickUp, Step.PutDown, Step.Call, Step.Take, Step.End, Step.Count, Step.Leave,
    ];

    private enum Step
    {
        Queue,
        Call,
        Take,
        End,
        Count,
        Leave,
        PickUp,
        PutDown,
    }

    [Fact]
    public void It_never_overlooks_an_item_from_outside() => Assert.Empty(Oversights(FromOutside, own: 0));

    [Fact]
    public void It_never_falls_between_an_item_and_the_one_that_it_leaves() => Assert.Empty(Oversights(OneBehindTheOther, own: 0));

    [Fact]
    public void It_never_overlooks_an_item_that_is_handed_on() => Assert.Empty(Oversights(HandedOn, own: 0));

    [Fact]
    public void It_counts_out_the_worker_that_looks()
    {
        Assert.Empty(Oversights(OneBehindTheOther, own: 1));
        Assert.True(PoolLook.IsIdle(new Pool([], [], own: 1), own: 1));
        Assert.False(PoolLook.IsIdle(new Pool([], [], own: 1), own: 0));
        Assert.False(PoolLook.IsIdle(new Pool([], [], own: 0), own: 1));
    }

    [Fact]
    public void It_sees_a_pool_at_rest_before_and_after()
    {
        Assert.True(PoolLook.IsIdle(new Pool(FromOutside, new int[Reads], own: 0), own: 0));
        Assert.True(PoolLook.IsIdle(new Pool(FromOutside, [FromOutside.Length, .. new int[Reads - 1]], own: 0), own: 0));
    }

    // Every way to spread the steps over the gaps before the reads; the looks that were wrong.
    private static IEnumerable<string> Oversights(Step[] steps, int own)
    {
        foreach (int[] gaps in Spreads(steps.Length, Reads))
        {
            var pool = new Pool(steps, gaps, own);
            if (PoolLook.IsIdle(pool, own) && !pool.WasIdle && !pool.HandsOnSlowly)
            {
                yield return string.Join(' ', gaps);
            }
        }
    }

    private static IEnumerable<int[]> Spreads(int steps, int gaps)
    {
        int[] spread = new int[gaps];
        int left = steps;
        while (true)
        {
            yield return spread;

            // Counts up like a number whose digits have a common sum to share.
            int digit = gaps - 1;
            for (; digit >= 0 && left == 0; digit--)
            {
                left += spread[digit];
                spread[digit] = 0;
            }

            if (digit < 0)
            {
                yield break;
            }

            spread[digit]++;
            left--;
        }
    }

    /// <summary>A pool that takes so many steps before each read.</summary>
    private sealed class Pool(Step[] steps, int[] gaps, int own) : IPoolNumbers
    {
        private int _at;
        private int _reads;
        private int _pending;
        private int _busy = own;
        private int _completed;
        private int _alive;
        private bool _isHandedOn;
        private int _pendingReadsOnHand;

        /// <summary>Whether there was a moment without any item from the first read to the last.</summary>
        public bool WasIdle { get; private set; }

        /// <summary>Whether an item was on hand for longer than it takes to look twice; nothing public tells of such an item.</summary>
        public bool HandsOnSlowly => _pendingReadsOnHand > 1;

        public long Pending
        {
            get
            {
                Go();
                _pendingReadsOnHand += _isHandedOn ? 1 : 0;
                return _pending;
            }
        }

        public int Busy
        {
            get
            {
                Go();
                return _busy;
            }
        }

        public long Completed
        {
            get
            {
                Go();
                return _completed;
            }
        }

        private void Go()
        {
            for (int i = _reads < gaps.Length ? gaps[_reads] : 0; i > 0; i--)
            {
                Take(steps[_at++]);
                WasIdle |= _reads > 0 && _alive == 0;
            }

            WasIdle |= _alive == 0;
            _reads++;
        }

        private void Take(Step step)
        {
            switch (step)
            {
                case Step.Queue:
                    _alive++;
                    _pending++;
                    break;
                case Step.Call:
                    _busy++;
                    break;
                case Step.Take:
                    _pending--;
                    break;
                case Step.End:
                    _alive--;
                    break;
                case Step.Count:
                    _completed++;
                    break;
                case Step.Leave:
                    _busy--;
                    break;
                case Step.PickUp:
                    _pending--;
                    _isHandedOn = true;
                    break;
                case Step.PutDown:
                    _pending++;
                    _isHandedOn = false;
                    break;
            }
        }
    }
}
