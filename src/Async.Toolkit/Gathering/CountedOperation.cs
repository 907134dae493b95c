namespace Async.Toolkit.Gathering;

/// <summary>Tells the progress handler when the delegate is called, which is later than the item was read where a rate limiter stands between.</summary>
internal sealed class CountedOperation<TSource, T>(ItemOperation<TSource, T> inner, ProgressCounter progress, ItemSource<TSource> source) : ItemOperation<TSource, T>
{
    public override Task? Begin(TSource item, long index, CancellationToken token, out T result)
    {
        progress.Started(source.KnownCount);
        return inner.Begin(item, index, token, out result);
    }

    public override T ResultOf(Task succeeded) => inner.ResultOf(succeeded);
}
