using Xunit;

namespace Async.Toolkit.Tests.Exact;

public sealed class EventLoopAllocations
{
    private const int Turns = 100_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_posted_callback_costs_no_byte()
    {
        var chain = new Chain();
        EventLoop.Run(
            async ct =>
            {
                await chain.RunAsync(EventLoop.Current, 1_000);
                await chain.RunAsync(EventLoop.Current, Turns);
            },
            Cancel);

        Assert.Equal(0, chain.Allocated);
    }

    [Fact]
    public void A_posted_callback_with_state_costs_no_byte_while_a_thousand_wait()
    {
        const int Waiting = 1_000;
        int left = 0;
        long allocated = -1;
        EventLoop.Run(
            async ct =>
            {
                EventLoop loop = EventLoop.Current;
                SendOrPostCallback again = null!;
                again = state =>
                {
                    if (--left > 0)
                    {
                        loop.Post(again, state);
                    }
                };
                for (int round = 0; round < 3; round++)
                {
                    left = Turns;
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    for (int i = 0; i < Waiting; i++)
                    {
                        loop.Post(again, loop);
                    }

                    while (left > 0)
                    {
                        await Task.Yield();
                    }

                    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                }
            },
            Cancel);

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_continuation_costs_no_byte_beyond_its_methods_one_box()
    {
        long allocated = EventLoop.Run(
            async ct =>
            {
                await Task.Yield();
                await Task.Yield();
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < Turns; i++)
                {
                    await Task.Yield();
                }

                return GC.GetAllocatedBytesForCurrentThread() - before;
            },
            Cancel);

        Assert.Equal(0, allocated);
    }

    // Each callback posts the next one.
    private sealed class Chain
    {
        private readonly Action _next;
        private EventLoop? _loop;
        private TaskCompletionSource _end = new();
        private int _left;
        private long _before;

        public Chain() => _next = Next;

        public long Allocated { get; private set; } = -1;

        public Task RunAsync(EventLoop loop, int turns)
        {
            _loop = loop;
            _left = turns;
            _before = -1;
            _end = new TaskCompletionSource();
            loop.Post(_next);
            return _end.Task;
        }

        private void Next()
        {
            if (_before < 0)
            {
                // Only now: the caller's own await has allocated meanwhile.
                _before = GC.GetAllocatedBytesForCurrentThread();
            }

            if (--_left > 0)
            {
                _loop!.Post(_next);
                return;
            }

            Allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
            _end.SetResult();
        }
    }
}
