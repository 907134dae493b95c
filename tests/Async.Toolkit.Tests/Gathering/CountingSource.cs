using System.Collections;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>
/// The numbers from zero up, over either interface, without a count that could be known beforehand. It watches how it is read and can be told to throw.
/// </summary>
internal sealed class CountingSource(long count = long.MaxValue)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _readers;
    private int _opened;
    private int _disposed;
    private long _read;

    /// <summary>Called before each item is given, with its number; may throw or be slow.</summary>
    public Func<long, ValueTask>? BeforeItem { get; init; }

    /// <summary>Called when it is disposed.</summary>
    public Action? OnDispose { get; init; }

    public long Read => Volatile.Read(ref _read);

    public int Opened => Volatile.Read(ref _opened);

    public int Disposed => Volatile.Read(ref _disposed);

    /// <summary>Whether it was ever asked by two at once, or after its end.</summary>
    public bool WasMisused { get; private set; }

    /// <summary>Ends when it has said that there are no more items.</summary>
    public Task Ended => _ended.Task;

    public IEnumerable<int> AsEnumerable() => new Sync(this);

    public IAsyncEnumerable<int> AsAsyncEnumerable() => new Async(this);

    private void Enter()
    {
        WasMisused |= Interlocked.Increment(ref _readers) != 1 || Disposed != 0 || _ended.Task.IsCompleted;
    }

    private async ValueTask<bool> MoveAsync()
    {
        Enter();
        try
        {
            if (_read == count)
            {
                _ended.TrySetResult();
                return false;
            }

            if (BeforeItem is { } before)
            {
                await before(_read);
            }

            Interlocked.Increment(ref _read);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    private void Dispose()
    {
        WasMisused |= Volatile.Read(ref _readers) != 0;
        Interlocked.Increment(ref _disposed);
        OnDispose?.Invoke();
    }

    private sealed class Sync(CountingSource source) : IEnumerable<int>, IEnumerator<int>
    {
        public int Current => (int)(source._read - 1);

        object IEnumerator.Current => Current;

        public IEnumerator<int> GetEnumerator()
        {
            Interlocked.Increment(ref source._opened);
            return this;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public bool MoveNext() => source.MoveAsync().AsTask().GetAwaiter().GetResult();

        public void Reset() => throw new NotSupportedException();

        public void Dispose() => source.Dispose();
    }

    private sealed class Async(CountingSource source) : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public int Current => (int)(source._read - 1);

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref source._opened);
            return this;
        }

        public ValueTask<bool> MoveNextAsync() => source.MoveAsync();

        public ValueTask DisposeAsync()
        {
            source.Dispose();
            return default;
        }
    }
}
