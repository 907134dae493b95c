using System.Collections.Concurrent;
using Shared;

namespace Nothing;

internal static class Loops
{
    public static void Run(CancellationToken ct)
    {
        int thread = Environment.CurrentManagedThreadId;
        int posted = 0;
        using var context = new LoopContext();
        int result = context.Run(async token =>
        {
            SynchronizationContext.Current!.Post(_ => posted++, null);
            await Task.Delay(1, token);
            return thread == Environment.CurrentManagedThreadId ? 1 : 0;
        }, ct);
        Expect.That(result == 1 && posted == 1, "a loop keeps to its thread");
    }

    private sealed class LoopContext : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _turns = [];

        public override void Post(SendOrPostCallback d, object? state) => _turns.Add((d, state));

        public T Run<T>(Func<CancellationToken, Task<T>> main, CancellationToken ct)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            try
            {
                Task<T> running = main(ct);
                running.ContinueWith(_ => _turns.CompleteAdding(), TaskScheduler.Default);
                foreach ((SendOrPostCallback callback, object? state) in _turns.GetConsumingEnumerable(CancellationToken.None))
                {
                    callback(state);
                }

                return running.GetAwaiter().GetResult();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        public void Dispose() => _turns.Dispose();
    }
}
