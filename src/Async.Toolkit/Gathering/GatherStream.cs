namespace Async.Toolkit.Gathering;

/// <summary>A stream that nobody has asked yet: each enumeration reads the source anew and is a call of its own.</summary>
internal sealed class GatherStream<TSource, T>(Func<ItemSource<TSource>> source, ItemOperation<TSource, T> operation, StreamOrder order, GatherSettings settings) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        // One token that comes in twice is one token.
        CancellationToken second = cancellationToken == settings.Token ? default : cancellationToken;
        return new Enumerator(source(), operation, order, settings with { SecondToken = second });
    }

    private sealed class Enumerator(ItemSource<TSource> source, ItemOperation<TSource, T> operation, StreamOrder order, GatherSettings settings) : IAsyncEnumerator<T>
    {
        private StreamJoin<T>? _join;
        private bool _isOver;

        public T Current => _join is null ? default! : _join.Current;

        public ValueTask<bool> MoveNextAsync()
        {
            if (_join is null)
            {
                if (_isOver)
                {
                    return new ValueTask<bool>(false);
                }

                CancellationToken canceled = settings.Token.IsCancellationRequested ? settings.Token : settings.SecondToken;
                if (canceled.IsCancellationRequested)
                {
                    _isOver = true;
                    return ValueTask.FromCanceled<bool>(canceled);
                }

                _join = new StreamJoin<T>(settings.Limit, order);
                new GatherRun<TSource, T>(source, operation, _join, settings).Start();
            }

            return _join.NextAsync();
        }

        public ValueTask DisposeAsync()
        {
            _isOver = true;
            return _join is null ? default : new ValueTask(_join.LeaveAsync());
        }
    }
}
