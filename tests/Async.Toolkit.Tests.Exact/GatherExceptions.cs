using System.Runtime.ExceptionServices;
using Xunit;

namespace Async.Toolkit.Tests.Exact;

public sealed class GatherExceptions
{
    // A throw costs more than all else that is done for an item.
    [Fact]
    public async Task The_losers_that_were_canceled_are_not_thrown_once_more()
    {
        int thrown = 0;
        void Count(object? sender, FirstChanceExceptionEventArgs args)
        {
            if (args.Exception is OperationCanceledException)
            {
                Interlocked.Increment(ref thrown);
            }
        }

        int winner;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            winner = await Gather.FirstSuccessAsync(Enumerable.Range(0, 64), AttemptAsync, TestContext.Current.CancellationToken);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.Equal(63, winner);
        Assert.Equal(0, thrown);
    }

    private static async Task<int> WinAsync(int attempt)
    {
        await Task.Yield();
        return attempt;
    }

    private static Task<int> AttemptAsync(int attempt, CancellationToken token)
    {
        if (attempt == 63)
        {
            return WinAsync(attempt);
        }

        var canceled = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        token.UnsafeRegister(static (source, token) => ((TaskCompletionSource<int>)source!).TrySetCanceled(token), canceled);
        return canceled.Task;
    }
}
