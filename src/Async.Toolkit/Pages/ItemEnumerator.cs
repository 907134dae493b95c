using System.Runtime.CompilerServices;

namespace Async.Toolkit.Pages;

/// <summary>
/// Gives the pages' items one by one. Written by hand, because within a page it needs neither a state machine nor an await, and nearly all items
/// are within a page.
/// </summary>
internal sealed class ItemEnumerator<T>(IAsyncEnumerator<Page<T>> pages, CancellationToken cancellationToken) : IAsyncEnumerator<T>
{
    private IReadOnlyList<T> _items = [];
    private int _count;
    private int _next;

    public T Current { get; private set; } = default!;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_next == _count)
        {
            return NextPageAsync();
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        Current = _items[_next++];
        return new ValueTask<bool>(true);
    }

    public ValueTask DisposeAsync() => pages.DisposeAsync();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> NextPageAsync()
    {
        // A page that has been consumed can be collected while the next one is fetched.
        (_items, _count, _next) = ([], 0, 0);
        Current = default!;
        while (await pages.MoveNextAsync().ConfigureAwait(false))
        {
            IReadOnlyList<T> items = pages.Current.Items;
            int count = items.Count;
            if (count > 0)
            {
                Current = items[0];
                (_items, _count, _next) = (items, count, 1);
                return true;
            }
        }

        return false;
    }
}
