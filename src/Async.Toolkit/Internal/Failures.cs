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

    /// <summary>
    /// What of <paramref name="thrown"/> is a failure: not the cancellations that were asked for; those that nobody had asked for are one each.
    /// </summary>
    public static IEnumerable<Exception> Real(IReadOnlyList<Exception> thrown, bool isAsked, string what)
    {
        foreach (Exception exception in thrown)
        {
            if (exception is not OperationCanceledException)
            {
                yield return exception;
            }
            else if (!isAsked)
            {
                yield return new ChildCanceledException($"{what} was canceled, but nobody had asked for it: {exception.Message}", exception);
            }
        }
    }
}
