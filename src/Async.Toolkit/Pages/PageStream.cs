namespace Async.Toolkit.Pages;

/// <summary>The pages of a sequence as a stream.</summary>
internal sealed class PageStream<T>(PagePlan<T> plan) : IAsyncEnumerable<Page<T>>
{
    public IAsyncEnumerator<Page<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default) => PageWalk<T>.Start(plan, cancellationToken);
}
