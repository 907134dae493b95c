namespace Async.Toolkit.Gathering;

/// <summary>Gives each item a span, which is the current one for its delegate.</summary>
internal sealed class TracedOperation<TSource, T>(ItemOperation<TSource, T> inner, ItemSpans spans) : ItemOperation<TSource, T>
{
    public override Task? Begin(TSource item, long index, CancellationToken token, out T result)
    {
        var flow = ExecutionContext.Capture();
        spans.Begin(index);
        try
        {
            return inner.Begin(item, index, token, out result);
        }
        finally
        {
            if (flow is not null)
            {
                ExecutionContext.Restore(flow);
            }
        }
    }

    public override T ResultOf(Task succeeded) => inner.ResultOf(succeeded);
}
