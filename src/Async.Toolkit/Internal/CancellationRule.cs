namespace Async.Toolkit.Internal;

/// <summary>What counts as a cancellation, and what is a failure that only looks like one.</summary>
internal static class CancellationRule
{
    /// <summary>
    /// What of <paramref name="thrown"/> is a failure. A cancellation that somebody had asked for is none; one that nobody had asked for becomes a
    /// <see cref="ChildCanceledException"/>, so that it does not pass for a cancellation further up.
    /// </summary>
    /// <param name="thrown">What a piece of work ended with.</param>
    /// <param name="asked">Whether its cancellation had been asked for by then.</param>
    /// <param name="what">Names the work at the beginning of a message.</param>
    /// <param name="isCancellation">The user's own rule, if there is one; asked only once cancellation was asked for.</param>
    public static List<Exception> FailuresIn(IReadOnlyList<Exception> thrown, bool asked, string what, Func<Exception, bool>? isCancellation = null)
    {
        var failures = new List<Exception>(thrown.Count);
        foreach (Exception exception in thrown)
        {
            if (exception is OperationCanceledException)
            {
                if (!asked)
                {
                    failures.Add(new ChildCanceledException($"{what} was canceled, but nobody had asked for it.", exception));
                }
            }
            else if (!asked || isCancellation is null)
            {
                failures.Add(exception);
            }
            else
            {
                try
                {
                    if (!isCancellation(exception))
                    {
                        failures.Add(exception);
                    }
                }
                catch (Exception broken)
                {
                    failures.Add(exception);
                    failures.Add(broken);
                }
            }
        }

        return failures;
    }
}
