using System.Runtime.CompilerServices;

namespace Async.Toolkit.Soak.Work;

internal sealed partial class Piece
{
    private async Task GatherAsync(Dice dice, int depth, CancellationToken token)
    {
        Interlocked.Increment(ref ledger.Counts.Gathers);
        int items = dice.OneIn(10) ? 200 : dice.Number(0, 12);
        int sourceFailsAt = dice.OneIn(12) ? dice.Number(0, items) : -1;
        bool disposalFails = dice.OneIn(16);
        Listener? listener = dice.OneIn(8) ? new Listener(ledger, dice.OneIn(8)) : null;
        var options = new GatherOptions
        {
            Name = "soak",
            Logger = ledger,
            MaxConcurrency = dice.Number(1, 8),
            ItemTimeout = dice.OneIn(6) ? dice.Milliseconds(8) : Timeout.InfiniteTimeSpan,
            DisposeDiscarded = dice.OneIn(4),
            Progress = listener,
        };
        bool isAsync = dice.OneIn(2);
        int kind = dice.Number(0, 5);
        int leavesAfter = dice.OneIn(2) ? dice.Number(0, items) : int.MaxValue;
        StreamOrder order = dice.OneIn(2) ? StreamOrder.Source : StreamOrder.Completion;
        ledger.Under($"gather {kind}{(isAsync ? "a" : "")}, {items} items, limit {options.MaxConcurrency}, timeout {options.ItemTimeout}, source fails at {sourceFailsAt}, leaves after {leavesAfter}, {order}{(options.DisposeDiscarded ? ", disposes" : "")}");
        int inside = 0;
        IAsyncEnumerable<int> asynchronous = ItemsAsync(CancellationToken.None); // Gather passes its own token on.
        Task call = (kind, isAsync) switch
        {
            (0, true) => Gather.AllAsync(asynchronous, options, ItemAsync, token),
            (0, false) => Gather.AllAsync(Items(), options, ItemAsync, token),
            (1, true) => SettleAsync(Gather.SettledAsync(asynchronous, options, ItemAsync, token)),
            (1, false) => SettleAsync(Gather.SettledAsync(Items(), options, ItemAsync, token)),
            (2, true) => Gather.FirstSuccessAsync(asynchronous, options, ItemAsync, token),
            (2, false) => Gather.FirstSuccessAsync(Items(), options, ItemAsync, token),
            (3, true) => Gather.FirstSuccessesAsync(asynchronous, options, 2, ItemAsync, token),
            (3, false) => Gather.FirstSuccessesAsync(Items(), options, Math.Min(2, Math.Max(items, 1)), ItemAsync, token),
            (4, true) => LoopAsync(Gather.StreamAsync(asynchronous, options, order, ItemAsync, token)),
            (4, false) => LoopAsync(Gather.StreamAsync(Items(), options, order, ItemAsync, token)),
            (_, true) => Gather.ForEachAsync(asynchronous, options, ItemAsync, token),
            (_, false) => Gather.ForEachAsync(Items(), options, ItemAsync, token),
        };
        await SwallowAsync(call);
        if (listener?.Thrown is { } thrown && call.Exception?.InnerExceptions.Contains(thrown) == true)
        {
            ledger.Broken("What a progress handler threw is a failure of its gather.");
        }

        if (inside != 0)
        {
            ledger.Broken($"{inside} items still ran when their gather had ended.");
        }

        await ledger.JoinAsync(call, token);

        async Task<int> ItemAsync(int item, CancellationToken ct)
        {
            Interlocked.Increment(ref ledger.Counts.Items);
            Interlocked.Increment(ref inside);
            try
            {
                Dice own = dice.Child(item);
                return items > 100 && !own.OneIn(50) ? item : await RunAsync(own, depth, ct);
            }
            finally
            {
                Interlocked.Decrement(ref inside);
            }
        }

        IEnumerable<int> Items()
        {
            try
            {
                for (int item = 0; item < items; item++)
                {
                    if (item == sourceFailsAt)
                    {
                        throw ledger.Plant("a source");
                    }

                    yield return item;
                }
            }
            finally
            {
                FailToDispose();
            }
        }

        async IAsyncEnumerable<int> ItemsAsync([EnumeratorCancellation] CancellationToken ct = default)
        {
            try
            {
                for (int item = 0; item < items; item++)
                {
                    if (dice.Child(-item).OneIn(4))
                    {
                        await Task.Delay(1, ct);
                    }

                    if (item == sourceFailsAt)
                    {
                        throw ledger.Plant("an asynchronous source");
                    }

                    yield return item;
                }
            }
            finally
            {
                FailToDispose();
            }
        }

        void FailToDispose()
        {
            // Over a failure that is under way C# itself would lose the first one.
            if (disposalFails && sourceFailsAt < 0)
            {
                throw ledger.Plant("the disposal of a source");
            }
        }

        async Task SettleAsync(Task<Settled<int>[]> settling)
        {
            await SwallowAsync(settling);
            if (settling.IsCompletedSuccessfully)
            {
                foreach (Settled<int> settled in settling.Result)
                {
                    foreach (Exception failure in settled.Exceptions)
                    {
                        ledger.See(failure);
                    }
                }
            }

            await ledger.JoinAsync(settling, token);
        }

        async Task LoopAsync(IAsyncEnumerable<int> stream)
        {
            int seen = 0;
            await foreach (int result in stream)
            {
                if (++seen > leavesAfter)
                {
                    break;
                }
            }
        }
    }

    private sealed class Listener(Ledger ledger, bool throws) : IProgress<GatherProgress>
    {
        /// <summary>The first of its failures, which is the one that is told.</summary>
        public Exception? Thrown { get; private set; }

        public void Report(GatherProgress value)
        {
            if (value.Succeeded + value.Failed > value.Started)
            {
                ledger.Broken($"{value} counts more ends than starts.");
            }

            if (throws && value.Started >= 2)
            {
                throw Thrown is null ? Thrown = ledger.Plant("a progress handler") : new InvalidOperationException("A progress handler that throws is asked on.");
            }
        }
    }
}
