namespace Async.Toolkit.Internal;

/// <summary>Reads the failures out of a task.</summary>
internal static class Failures
{
    /// <summary>
    /// Every failure of a faulted task, the same objects, and marks them as seen; the cancellation of a canceled one.
    /// </summary>
    public static IReadOnlyList<Exception> Of(Task ended)
    {
        if (ended.Exception is { } aggregate)
        {
            return aggregate.InnerExceptions;
        }

        try
        {
            // The only way to the original exception of a canceled task, with its type, message and token.
            ended.GetAwaiter().GetResult();
            return [];
        }
        catch (OperationCanceledException canceled)
        {
            return [canceled];
        }
    }
}
