using Xunit;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>What every call of <see cref="Gather"/> promises, run for each of them over both kinds of source.</summary>
public abstract partial class GatherContract
{
    /// <summary>Whether a failing item ends the call.</summary>
    protected virtual bool FailsFast => true;

    /// <summary>Whether the results come in the order of the source.</summary>
    protected virtual bool IsOrdered => true;

    /// <summary>Whether the call gives results at all.</summary>
    protected virtual bool GivesResults => true;

    private protected static CancellationToken TestToken => TestContext.Current.CancellationToken;

    private protected static TimeSpan Guard => TimeSpan.FromSeconds(30);

    /// <summary>Makes the call over one of the sources; <paramref name="count"/> is how many items it has.</summary>
    private protected abstract Task<CallOutcome> CallAsync(IEnumerable<int>? items, IAsyncEnumerable<int>? asyncItems, int count, GatherOptions options, Func<int, CancellationToken, ValueTask<int>> work, CancellationToken token);

    private Task<CallOutcome> CallAsync(CountingSource source, bool isAsync, int count, int limit, Func<int, CancellationToken, ValueTask<int>> work, CancellationToken? caller = null) =>
        CallAsync(isAsync ? null : source.AsEnumerable(), isAsync ? source.AsAsyncEnumerable() : null, count, new GatherOptions { MaxConcurrency = limit }, work, caller ?? CancellationToken.None);

    private void AssertResults(IEnumerable<int> expected, CallOutcome outcome)
    {
        Assert.Empty(outcome.Failures);
        Assert.Null(outcome.Canceled);
        if (GivesResults)
        {
            Assert.Equal(expected, IsOrdered ? outcome.Results : outcome.Results.Order());
        }
    }

    private static void AssertLeftAlone(CountingSource source)
    {
        Assert.False(source.WasMisused);
        Assert.Equal(source.Opened, source.Disposed);
    }

    private static void AssertReadAndClosed(CountingSource source)
    {
        Assert.Equal(1, source.Opened);
        AssertLeftAlone(source);
    }

    private static async ValueTask<int> YieldAsync(int item, CancellationToken token)
    {
        await Task.Yield();
        return item;
    }

    private static async ValueTask<int> UntilCanceledAsync(CancellationToken token)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, token);
        return 0;
    }
}
