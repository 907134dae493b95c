using System.Globalization;
using System.Runtime.InteropServices;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;
using Async.Toolkit.Timing;

namespace Async.Toolkit.Running;

/// <summary>One run of a program: its main, the signals that stop it, and the exit code that comes of both.</summary>
internal sealed class AppRun(AsyncAppOptions options, Action<int> exit) : IMainOwner
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT];

    // Whoever should read our words may have stopped reading; the end of the process does not wait for him any longer than this.
    private static readonly TimeSpan LongestWord = TimeSpan.FromSeconds(1);

    private static int _listeners;

    private readonly List<PosixSignalRegistration> _registrations = new(Signals.Length);
    private Stage _stage;
    private PosixSignal _signal;
    private TaskGroup? _root;
    private Deadline? _grace;
    private bool _listens;

    private enum Stage
    {
        Running,

        /// <summary>A signal has canceled main, which has its grace period to end.</summary>
        Stopping,

        /// <summary>The process is being ended while main runs.</summary>
        Exiting,

        /// <summary>Main has ended.</summary>
        Ended,
    }

    public static Task<int> RunAsync<TMain>(AsyncAppOptions options, TMain main, CancellationToken callerToken)
        where TMain : struct, IOperation<CancellationToken, int>
    {
        var run = new AppRun(options, Environment.Exit);
        if (options.HandleSignals)
        {
            run.Listen();
        }

        return run.RunAsync(main, callerToken);
    }

    public async Task<int> RunAsync<TMain>(TMain main, CancellationToken callerToken)
        where TMain : struct, IOperation<CancellationToken, int>
    {
        try
        {
            Task<int> ended = BodyRun<MainOperation<TMain, int>, int>.Start(options.RootGroup(), new(this, main), callerToken);
            await ((Task)ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode(ended);
        }
        finally
        {
            Finish();
        }
    }

    /// <summary>A signal has arrived; <see langword="false"/> if it is not ours any more and should do what it does by default.</summary>
    public bool OnSignal(PosixSignal signal)
    {
        // Signals come on threads of their own. The first is noted before the stage tells of it: from then on main may end with its code.
        bool isFirst = Interlocked.CompareExchange(ref _signal, signal, default) == default;
        if (isFirst && TryMove(Stage.Running, Stage.Stopping))
        {
            Stop(signal);
            return true;
        }

        if (!isFirst && (TryMove(Stage.Stopping, Stage.Exiting) || TryMove(Stage.Running, Stage.Exiting)))
        {
            Exit(signal, $"{signal}, the second signal: the process ends now.");
            return true;
        }

        return false;
    }

    void IMainOwner.OnStarting(TaskGroup root)
    {
        // A full fence on both sides: either the signal's thread sees the group, or this one sees the signal.
        Interlocked.Exchange(ref _root, root);
        if (Interlocked.CompareExchange(ref _stage, default, default) != Stage.Running)
        {
            root.Cancel();
            throw new OperationCanceledException(root.CancellationToken);
        }
    }

    void IMainOwner.OnReturned()
    {
    }

    private void Listen()
    {
        if (Interlocked.CompareExchange(ref _listeners, 1, 0) != 0)
        {
            throw new InvalidOperationException($"{nameof(AsyncApp)} runs already, and the signals of a process can stop only one: await the first run, or set {nameof(AsyncAppOptions)}.{nameof(AsyncAppOptions.HandleSignals)} to false.");
        }

        _listens = true;
        try
        {
            foreach (PosixSignal signal in Signals)
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = OnSignal(context.Signal)));
            }
        }
        catch
        {
            Finish();
            throw;
        }
    }

    private void Finish()
    {
        Interlocked.Exchange(ref _stage, Stage.Ended);
        _grace?.Dispose();
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        if (_listens)
        {
            Volatile.Write(ref _listeners, 0);
        }
    }

    private void Stop(PosixSignal signal)
    {
        // The clock first: the words may block, and so may the callbacks of the cancellation, which run on this thread.
        try
        {
            _grace = Deadline.After(options.TimeProvider, options.ShutdownTimeout, static run => ((AppRun)run).OnGracePassed(), this);
        }
        catch (Exception thrown)
        {
            // A broken clock must not keep main from being canceled; the second signal still ends the process.
            Write(TextOf(thrown));
        }

        if (Interlocked.CompareExchange(ref _stage, default, default) == Stage.Ended)
        {
            _grace?.Dispose();
        }

        string limit = options.ShutdownTimeout == Timeout.InfiniteTimeSpan ? "" : $" after {Seconds(options.ShutdownTimeout)}, or";
        Tell($"{signal}: shutting down. The process ends{limit} at the next signal.", () => Report.SignalReceived(options.EffectiveLogger, options.Name, signal, options.ShutdownTimeout));
        Interlocked.CompareExchange(ref _root, null, null)?.Cancel();
    }

    private void OnGracePassed()
    {
        if (TryMove(Stage.Stopping, Stage.Exiting))
        {
            Exit(_signal, $"The shutdown has not ended within {Seconds(options.ShutdownTimeout)} after {_signal}: the process ends now.");
        }
    }

    private void Exit(PosixSignal signal, string why)
    {
        Tell(why, () => Report.MainAbandoned(options.EffectiveLogger, options.Name, why));
        exit(CodeOf(signal));
    }

    private int ExitCode(Task<int> main)
    {
        if (main.IsCompletedSuccessfully)
        {
            return main.Result;
        }

        if (main.Exception is { } failures)
        {
            foreach (Exception failure in failures.InnerExceptions)
            {
                Write(TextOf(failure));
            }

            return 1;
        }

        // Only a signal asks the group itself to cancel. Otherwise it was the caller's token, and he gets his exception.
        return _root?.CancellationReason == CancellationReason.Requested ? CodeOf(_signal) : main.GetAwaiter().GetResult();
    }

    private bool TryMove(Stage from, Stage to) => Interlocked.CompareExchange(ref _stage, to, from) == from;

    private void Tell(string word, Action report)
    {
        var teller = new Thread(() =>
        {
            Write(word);
            report();
        })
        {
            IsBackground = true,
            Name = nameof(AsyncApp),
        };
        teller.Start();
        teller.Join(LongestWord);
    }

    private void Write(string line)
    {
        try
        {
            (options.Error ?? Console.Error).WriteLine(line);
        }
        catch (Exception)
        {
            // A closed stderr must not change how the program ends.
        }
    }

    private static string TextOf(Exception failure)
    {
        try
        {
            return failure.ToString();
        }
        catch (Exception)
        {
            return $"{failure.GetType()}, which throws when it is asked for its text.";
        }
    }

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");

    // As a shell reports a process that a signal has ended.
    private static int CodeOf(PosixSignal signal) => 128 + signal switch
    {
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        _ => 15,
    };
}
