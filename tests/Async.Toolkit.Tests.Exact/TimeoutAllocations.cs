using Xunit;

namespace Async.Toolkit.Tests.Exact;

public sealed class TimeoutAllocations
{
    private const int Rounds = 10;
    private const int Operations = 1_000;

    // What a user would write without the library: a source of its own, linked where there is a token, and told when to cancel.
    private const double MostOfLinkedSource = 0.95;
    private const int OneTokenSource = 48;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_limit_that_does_not_strike_costs_less_than_a_linked_source_with_CancelAfter(bool cancellable)
    {
        using var caller = new CancellationTokenSource();
        CancellationToken token = cancellable ? caller.Token : CancellationToken.None;
        long linked = await Least(() => LinkedSource(YieldAsync, token));
        long ours = await Least(() => AsyncTimeout.RunAsync(Limit, YieldAsync, token));
        Assert.True(ours <= linked * MostOfLinkedSource, $"{ours} bytes against {linked} of a linked source.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_result_in_time_costs_less_than_with_a_linked_source(bool cancellable)
    {
        using var caller = new CancellationTokenSource();
        CancellationToken token = cancellable ? caller.Token : CancellationToken.None;
        long linked = await Least(() => LinkedSource(YieldValueAsync, token));
        long ours = await Least(() => AsyncTimeout.RunAsync(Limit, YieldValueAsync, token));
        Assert.True(ours <= linked * MostOfLinkedSource, $"{ours} bytes against {linked} of a linked source.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_operation_that_completes_at_once_costs_one_token_source(bool cancellable)
    {
        using var caller = new CancellationTokenSource();
        CancellationToken token = cancellable ? caller.Token : CancellationToken.None;
        var done = Task.FromResult(4711);
        Assert.InRange(LeastAtOnce(() => AsyncTimeout.RunAsync(Limit, static _ => ValueTask.CompletedTask, token)), 0, OneTokenSource);
        Assert.InRange(LeastAtOnce(() => AsyncTimeout.RunAsync(Limit, static _ => Task.CompletedTask, token)), 0, OneTokenSource);
        Assert.InRange(LeastAtOnce(() => AsyncTimeout.RunAsync(Limit, done, static (task, _) => task, token)), 0, OneTokenSource);
        Assert.InRange(LeastAtOnce(() => AsyncTimeout.TryRunAsync(Limit, static _ => ValueTask.CompletedTask, token)), 0, OneTokenSource);
    }

    [Fact]
    public void Without_a_limit_an_operation_that_completes_at_once_costs_nothing()
    {
        using var caller = new CancellationTokenSource();
        CancellationToken token = caller.Token;
        Assert.Equal(0, LeastAtOnce(() => AsyncTimeout.RunAsync(Timeout.InfiniteTimeSpan, static _ => ValueTask.CompletedTask, token)));
    }

    private static async ValueTask YieldAsync(CancellationToken token) => await Task.Yield();

    private static async ValueTask<int> YieldValueAsync(CancellationToken token)
    {
        await Task.Yield();
        return 4711;
    }

    private static async Task LinkedSource(Func<CancellationToken, ValueTask> operation, CancellationToken token)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(token);
        source.CancelAfter(Limit);
        try
        {
            await operation(source.Token);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested && !token.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private static async Task<int> LinkedSource(Func<CancellationToken, ValueTask<int>> operation, CancellationToken token)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(token);
        source.CancelAfter(Limit);
        try
        {
            return await operation(source.Token);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested && !token.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    // Bytes per call over the whole process; the least of the rounds is the one that nobody else disturbed.
    private static Task<long> Least(Func<Task> call) => Task.Run(async () =>
    {
        long bytes = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Operations; i++)
            {
                await call();
            }

            bytes = Math.Min(bytes, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return bytes / Operations;
    });

    private static long LeastAtOnce(Func<Task> call)
    {
        long bytes = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Operations; i++)
            {
                Assert.True(call().IsCompletedSuccessfully);
            }

            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // Rounded up: a byte too many in every other call is too many.
        return (bytes + Operations - 1) / Operations;
    }
}
