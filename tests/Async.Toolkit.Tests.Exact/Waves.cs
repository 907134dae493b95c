namespace Async.Toolkit.Tests.Exact;

/// <summary>Lets children of an open group finish in waves, and allocates nothing itself.</summary>
internal sealed class Waves(int size) : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly ManualResetEventSlim _over = new();
    private int _left;

    /// <summary>Starts <paramref name="count"/> waves, each once the one before has called <see cref="Done"/> from all of its children.</summary>
    public void Run(int count, Action<Waves> startChild)
    {
        for (int wave = 0; wave < count; wave++)
        {
            _over.Reset();
            _left = size;
            for (int i = 0; i < size; i++)
            {
                startChild(this);
            }

            if (!_over.Wait(Guard))
            {
                throw new TimeoutException($"Of wave {wave}, {_left} children are missing.");
            }
        }
    }

    public void Done()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _over.Set();
        }
    }

    public void Dispose() => _over.Dispose();
}
