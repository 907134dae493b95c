using Xunit;

namespace Async.Toolkit.Tests.Fakes;

/// <summary>
/// A context that counts what is posted to it, and work that leaves it behind on every thread it is called on, as careless code does: whoever goes on from
/// there without having captured anything posts nothing.
/// </summary>
internal sealed class WatchedContext
{
    private readonly PostContext _context;
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource> _held = [];
    private int _entered;
    private int _posts;

    public WatchedContext() => _context = new PostContext((callback, state) =>
    {
        Interlocked.Increment(ref _posts);
        ThreadPool.QueueUserWorkItem(_ => Run(callback, state));
    });

    public int Posts => Volatile.Read(ref _posts);

    /// <summary>Calls the library with this context current. What suspends meanwhile goes on only after the call has returned.</summary>
    public T Enter<T>(Func<T> call)
    {
        lock (_gate)
        {
            _entered++;
        }

        try
        {
            return _context.Enter(call);
        }
        finally
        {
            List<TaskCompletionSource> released = [];
            lock (_gate)
            {
                if (--_entered == 0)
                {
                    released = [.. _held];
                    _held.Clear();
                }
            }

            released.ForEach(static one => one.SetResult());
        }
    }

    /// <summary>Goes through a sequence as a loop on this context does; <paramref name="mostSteps"/> leaves it early, and then <paramref name="left"/> comes.</summary>
    public async Task Loop<T>(IAsyncEnumerable<T> sequence, int mostSteps = int.MaxValue, Action? left = null)
    {
        IAsyncEnumerator<T> steps = sequence.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        for (int taken = 0; taken < mostSteps; taken++)
        {
            if (!await Enter(() => steps.MoveNextAsync().AsTask()).ConfigureAwait(false))
            {
                break;
            }
        }

        Task end = Enter(() => steps.DisposeAsync().AsTask());
        left?.Invoke();
        await end.ConfigureAwait(false);
    }

    /// <summary>Makes this the context of the current thread, and leaves it so.</summary>
    public void Leave() => SynchronizationContext.SetSynchronizationContext(_context);

    public T Leave<T>(T result)
    {
        Leave();
        return result;
    }

    /// <summary>Work that has to be waited for.</summary>
    public Task Suspend()
    {
        Leave();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_entered > 0)
            {
                _held.Add(end);
                return end.Task;
            }
        }

        _ = Task.Run(async () =>
        {
            // Whoever has called is about to wait for it.
            for (int i = 0; i < 20; i++)
            {
                await Task.Yield();
            }

            end.SetResult();
        });
        return end.Task;
    }

    public Task<T> Suspend<T>(T result) =>
        Suspend().ContinueWith(_ => result, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Run(SendOrPostCallback callback, object? state) => _context.Enter(() =>
    {
        callback(state);
        return true;
    });
}
