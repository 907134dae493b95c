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
}
