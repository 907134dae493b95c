using Xunit;

namespace Async.Toolkit.Tests.Pages;

/// <summary>Loops over sequences, as users do.</summary>
internal static class PageDriver
{
    /// <summary>All items, or those before the failure in <paramref name="into"/>.</summary>
    public static async Task<List<T>> Loop<T>(this IAsyncEnumerable<T> sequence, List<T>? into = null, CancellationToken? cancellationToken = null)
    {
        into ??= [];
        await foreach (T item in sequence.WithCancellation(cancellationToken ?? TestContext.Current.CancellationToken))
        {
            into.Add(item);
        }

        return into;
    }

    /// <summary>Does something with each item until it says that it has had enough; the loop is left by a <see langword="break"/> then.</summary>
    public static Task LoopWhile<T>(this IAsyncEnumerable<T> sequence, Func<T, Task<bool>> goesOn)
    {
        return Loop().Guarded();

        async Task Loop()
        {
            await foreach (T item in sequence.WithCancellation(TestContext.Current.CancellationToken))
            {
                if (!await goesOn(item))
                {
                    break;
                }
            }
        }
    }
}
