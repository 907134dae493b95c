namespace Async.Toolkit.Gathering;

/// <summary>Disposes the results that nobody gets.</summary>
internal static class Discarded
{
    /// <summary>
    /// Disposes each object once, but none that was returned, and gives what they threw. The <see langword="default"/> of a struct stands for no
    /// result: an item that never ended has left it.
    /// </summary>
    public static async Task<List<Exception>> DisposeAsync<T>(IEnumerable<T> discarded, IEnumerable<T> returned)
    {
        var failures = new List<Exception>();
        var spared = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (T result in returned)
        {
            if (result is not null)
            {
                spared.Add(result);
            }
        }

        foreach (T result in discarded)
        {
            try
            {
                if (EqualityComparer<T>.Default.Equals(result, default))
                {
                    continue;
                }

                if (result is IAsyncDisposable asyncDisposable)
                {
                    if (spared.Add(asyncDisposable))
                    {
                        await asyncDisposable.DisposeAsync().ConfigureAwait(false);
                    }
                }
                else if (result is IDisposable disposable && spared.Add(disposable))
                {
                    disposable.Dispose();
                }
            }
            catch (Exception thrown)
            {
                failures.Add(thrown);
            }
        }

        return failures;
    }
}
