using System.Collections.Concurrent;

namespace Async.Toolkit.Soak.Work;

internal sealed partial class Piece
{
    private async Task GroupAsync(Dice dice, int depth, CancellationToken token)
    {
        Interlocked.Increment(ref ledger.Counts.Groups);
        var handles = new ConcurrentQueue<Task>();
        bool handlerThrows = dice.OneIn(8);
        var options = new TaskGroupOptions
        {
            Name = "soak",
            Logger = ledger,
            FailurePolicy = (FailurePolicy)dice.Number(0, 2),
            MaxConcurrency = dice.OneIn(3) ? dice.Number(1, 3) : null,
            Timeout = dice.OneIn(4) ? dice.Milliseconds(10) : Timeout.InfiniteTimeSpan,
            ChildFailed = !dice.OneIn(3) ? null : failed =>
            {
                foreach (Exception failure in failed.Exceptions)
                {
                    ledger.See(failure);
                }

                if (handlerThrows)
                {
                    throw ledger.Plant("a handler");
                }
            },
        };
        bool isOpened = dice.OneIn(4);
        ledger.Under($"{(isOpened ? "opened" : "run")} group, {options.FailurePolicy}, limit {options.MaxConcurrency}, timeout {options.Timeout}{(options.ChildFailed is null ? "" : ", handler")}");
        int inside = 0;
        Task call = isOpened ? OpenedAsync() : TaskGroup.RunAsync(options, BodyAsync, token);
        await SwallowAsync(call);
        if (inside != 0)
        {
            ledger.Broken($"{inside} children still ran when their group had ended.");
        }

        foreach (Task handle in handles)
        {
            ledger.See(handle);
        }

        await ledger.JoinAsync(call, token);

        async Task OpenedAsync()
        {
            TaskGroup group = TaskGroup.Open(options, token);
            try
            {
                await BodyAsync(group);
            }
            catch (Exception failure)
            {
                // An open group has no body that could fail: this is for whoever runs it.
                ledger.See(failure);
            }

            await ledger.JoinAsync(group.JoinAsync(), token);
        }

        async Task BodyAsync(TaskGroup group)
        {
            int children = dice.Number(0, 6);
            for (int i = 0; i < children; i++)
            {
                Interlocked.Increment(ref ledger.Counts.Children);
                Dice own = dice.Child(i);
                switch (dice.Number(0, 5))
                {
                    case 0 or 1:
                        group.Start(ct => ChildAsync(own, ct));
                        break;
                    case 2 or 3:
                        handles.Enqueue(group.Run(ct => ChildAsync(own, ct)));
                        break;
                    case 4:
                        using (var childsOwn = new CancellationTokenSource())
                        {
                            handles.Enqueue(group.Run(new ChildOptions { CancellationToken = childsOwn.Token }, ct => ChildAsync(own, ct)));
                            await Task.Yield();
                            await childsOwn.CancelAsync();
                        }

                        break;
                    default:
                        await group.Run(ct => ChildAsync(own, ct));
                        break;
                }
            }

            switch (dice.Number(0, 7))
            {
                case 0:
                    group.Cancel();
                    break;
                case 1:
                    throw ledger.Plant("a body");
                case 2:
                    await Task.Delay(dice.Milliseconds(5), group.CancellationToken);
                    break;
            }
        }

        async Task<int> ChildAsync(Dice own, CancellationToken ct)
        {
            Interlocked.Increment(ref inside);
            try
            {
                return await RunAsync(own, depth, ct);
            }
            finally
            {
                Interlocked.Decrement(ref inside);
            }
        }
    }
}
