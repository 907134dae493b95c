namespace Async.Toolkit.Tests.Gathering;

/// <summary>How a call of any kind ended, told in the same words for all of them.</summary>
/// <param name="Results">The results that the caller got.</param>
/// <param name="Failures">The failures, in order, whether they were thrown, returned or logged.</param>
/// <param name="Canceled">The token of the cancellation that was thrown.</param>
internal sealed record CallOutcome(int[] Results, Exception[] Failures, CancellationToken? Canceled)
{
    public static async Task<CallOutcome> OfAsync<T>(Task<T> call, Func<T, int[]> results)
    {
        CallOutcome outcome = await OfAsync((Task)call);
        return call.IsCompletedSuccessfully ? outcome with { Results = results(call.Result) } : outcome;
    }

    public static async Task<CallOutcome> OfAsync(Task call)
    {
        await call.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(60));
        return new CallOutcome([], call.Exception is { } all ? [.. all.InnerExceptions] : [], call.IsCanceled ? TokenOf(call) : null);
    }

    private static CancellationToken TokenOf(Task canceled)
    {
        try
        {
            canceled.GetAwaiter().GetResult();
            throw new InvalidOperationException("It was not canceled.");
        }
        catch (OperationCanceledException thrown)
        {
            return thrown.CancellationToken;
        }
    }
}
