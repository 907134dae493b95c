using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Soak;

/// <summary>
/// The books of one scenario: every failure that was planted, every failure that somebody got to see (a caller, a handle, a handler, the log), and
/// what broke a promise. It is the scenario's logger too.
/// </summary>
internal sealed class Ledger(Counts counts) : ILogger
{
    private readonly ConcurrentDictionary<PlantedException, bool> _planted = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentQueue<string> _broken = [];
    private readonly AsyncLocal<string> _path = new();
    private int _running;

    public Counts Counts => counts;

    public PlantedException Plant(string where)
    {
        var failure = new PlantedException($"{where}{_path.Value}");
        _planted[failure] = false;
        Interlocked.Increment(ref counts.Failures);
        return failure;
    }

    /// <summary>Says under which call the pieces of this asynchronous method run, for those who read a fault.</summary>
    public void Under(string call) => _path.Value = $" < {call}{_path.Value}";

    public void Enter() => Interlocked.Increment(ref _running);

    public void Leave() => Interlocked.Decrement(ref _running);

    public void Broken(string promise) => _broken.Enqueue(promise);

    /// <summary>Waits for a call, writes down what it throws, and lets the first failure go on, as an <see langword="await"/> does.</summary>
    public async Task JoinAsync(Task call, CancellationToken callersToken)
    {
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        See(call);
        if (call.IsCanceled)
        {
            Interlocked.Increment(ref counts.Cancellations);
            if (!callersToken.IsCancellationRequested)
            {
                Broken("A call was canceled though its caller had not asked for it.");
            }
        }

        await call.ConfigureAwait(false);
    }

    /// <summary>Writes down what a task that has ended holds.</summary>
    public void See(Task ended)
    {
        if (!ended.IsCompleted)
        {
            Broken("A handle was still running when its group had ended.");
        }

        if (ended.IsFaulted)
        {
            See(ended.Exception);
        }
    }

    public void See(Exception? failure)
    {
        switch (failure)
        {
            case PlantedException planted:
                _planted[planted] = true;
                break;
            case TimeoutException:
                Interlocked.Increment(ref counts.Timeouts);
                break;
            case AggregateException several:
                foreach (Exception inner in several.InnerExceptions)
                {
                    See(inner);
                }

                return;
        }

        if (failure?.InnerException is { } cause)
        {
            See(cause);
        }
    }

    /// <summary>What did not hold; empty when all is well. Once the scenario is over.</summary>
    public IReadOnlyList<string> Faults() =>
    [
        .. _broken,
        .. _running == 0 ? Array.Empty<string>() : [$"{_running} pieces of work still ran at the end."],
        .. _planted.Where(static entry => !entry.Value).Select(static entry => $"Nobody got to see a failure: {entry.Key.Message}"),
    ];

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        See(exception);
        if (exception is PlantedException && eventId.Id % 2 == 0)
        {
            throw new InvalidOperationException("A logger that throws changes nothing.");
        }
    }
}
