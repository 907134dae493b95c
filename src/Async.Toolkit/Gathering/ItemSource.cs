namespace Async.Toolkit.Gathering;

/// <summary>
/// The items of a call, read by one worker at a time. The enumerator is opened by the first read: what it throws then is a failure of the
/// source, not of the call's arguments.
/// </summary>
internal abstract class ItemSource<T>
{
    /// <summary>How many items there are, where the source can tell without being read. Known once the first read has begun.</summary>
    public int? KnownCount { get; protected set; }

    public abstract T Current { get; }

    public abstract ValueTask<bool> MoveNextAsync(CancellationToken token);

    public abstract ValueTask DisposeAsync();
}

internal sealed class EnumerableSource<T>(IEnumerable<T> items) : ItemSource<T>
{
    private IEnumerator<T>? _enumerator;

    public override T Current => _enumerator!.Current;

    public override ValueTask<bool> MoveNextAsync(CancellationToken token)
    {
        if (_enumerator is null)
        {
            KnownCount = items.TryGetNonEnumeratedCount(out int count) ? count : null;
            _enumerator = items.GetEnumerator();
        }

        return new ValueTask<bool>(_enumerator.MoveNext());
    }

    public override ValueTask DisposeAsync()
    {
        _enumerator?.Dispose();
        return default;
    }
}

internal sealed class AsyncEnumerableSource<T>(IAsyncEnumerable<T> items) : ItemSource<T>
{
    private IAsyncEnumerator<T>? _enumerator;

    public override T Current => _enumerator!.Current;

    public override ValueTask<bool> MoveNextAsync(CancellationToken token) => (_enumerator ??= items.GetAsyncEnumerator(token)).MoveNextAsync();

    public override ValueTask DisposeAsync() => _enumerator?.DisposeAsync() ?? default;
}
