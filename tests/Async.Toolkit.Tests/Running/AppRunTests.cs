using System.Runtime.InteropServices;
using Async.Toolkit.Internal;
using Async.Toolkit.Running;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Running;

/// <summary>What signals do, step by step on a fake clock, in a process that does not end.</summary>
public sealed class AppRunTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly StringWriter _errors = new();
    private readonly LogRecorder _log = new();
    private readonly List<int> _exits = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string[] Lines => _errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    // Without the root group's own warning of work that ignores its cancellation.
    private IEnumerable<(int Id, LogLevel Level, string Text, Exception? Failure)> Told => _log.Entries.Where(entry => entry.Id >= 20);

    public void Dispose() => _errors.Dispose();

    [Fact]
    public async Task The_process_ends_with_the_grace_period_and_not_before()
    {
        AppRun app = App(TimeSpan.FromSeconds(10));
        var gate = new TaskCompletionSource();
        CancellationToken token = default;
        Task<int> run = Run(app, ct =>
        {
            token = ct;
            return gate.Task;
        });

        Assert.True(app.OnSignal(PosixSignal.SIGTERM));
        Assert.True(token.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.Empty(_exits);
        Assert.Equal(["SIGTERM: shutting down. The process ends after 10 s, or at the next signal."], Lines);

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([143], _exits);
        Assert.Equal("The shutdown has not ended within 10 s after SIGTERM: the process ends now.", Lines[^1]);
        Assert.Equal([(20, LogLevel.Information), (21, LogLevel.Error)], Told.Select(entry => (entry.Id, entry.Level)));
        Assert.Contains("leaves its work behind: The shutdown has not ended within 10 s", Told.Last().Text, StringComparison.Ordinal);

        gate.SetResult();
        await run.WaitAsync(Guard, Cancel);
    }

    [Fact]
    public async Task An_infinite_grace_period_ends_with_a_second_signal_only()
    {
        AppRun app = App(Timeout.InfiniteTimeSpan);
        var gate = new TaskCompletionSource();
        Task<int> run = Run(app, ct => gate.Task);

        Assert.True(app.OnSignal(PosixSignal.SIGINT));
        _clock.Advance(TimeSpan.FromDays(1000));
        Assert.Empty(_exits);

        Assert.True(app.OnSignal(PosixSignal.SIGQUIT));
        Assert.Equal([131], _exits);
        Assert.Equal(["SIGINT: shutting down. The process ends at the next signal.", "SIGQUIT, the second signal: the process ends now."], Lines);
        Assert.Equal([20, 21], Told.Select(entry => entry.Id));

        // The end of the process may hang in somebody's exit handler: from here on signals are not held up.
        Assert.False(app.OnSignal(PosixSignal.SIGINT));
        Assert.Single(_exits);
        gate.SetResult();
        await run.WaitAsync(Guard, Cancel);
    }

    [Fact]
    public async Task A_main_that_follows_in_time_ends_the_grace_period()
    {
        AppRun app = App(TimeSpan.FromSeconds(10));
        Task<int> run = Run(app, ct => Task.Delay(Timeout.Infinite, ct));
        app.OnSignal(PosixSignal.SIGINT);

        Assert.Equal(130, await run.WaitAsync(Guard, Cancel));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(_exits);
        Assert.Single(Lines);
        Assert.Equal([20], Told.Select(entry => entry.Id));
    }

    [Fact]
    public async Task A_signal_after_the_end_is_not_ours()
    {
        AppRun app = App(TimeSpan.FromSeconds(10));
        Assert.Equal(0, await Run(app, ct => Task.CompletedTask));

        Assert.False(app.OnSignal(PosixSignal.SIGINT));
        Assert.False(app.OnSignal(PosixSignal.SIGINT));
        Assert.Empty(Lines);
        Assert.Empty(_exits);
    }

    [Fact]
    public async Task A_signal_that_comes_before_main_starts_nothing()
    {
        AppRun app = App(TimeSpan.FromSeconds(10));
        Assert.True(app.OnSignal(PosixSignal.SIGQUIT));
        bool called = false;
        int code = await Run(app, ct =>
        {
            called = true;
            return Task.CompletedTask;
        });

        Assert.False(called);
        Assert.Equal(131, code);
    }

    [Fact]
    public async Task A_callback_of_the_cancellation_that_throws_is_a_failure()
    {
        AppRun app = App(TimeSpan.FromSeconds(10));
        Task<int> run = Run(app, ct =>
        {
            ct.Register(() => throw new InvalidDataException("callback"));
            return Task.Delay(Timeout.Infinite, ct);
        });
        app.OnSignal(PosixSignal.SIGTERM);

        Assert.Equal(1, await run.WaitAsync(Guard, Cancel));
        Assert.Contains(Lines, line => line.StartsWith("System.IO.InvalidDataException: callback", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_that_the_options_name_a_cancellation_is_one_after_a_signal()
    {
        var options = new AsyncAppOptions { IsCancellation = failure => failure is InvalidDataException, Error = _errors, TimeProvider = _clock };
        var app = new AppRun(options, _exits.Add);
        Task<int> run = Run(app, async ct =>
        {
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidDataException();
        });
        app.OnSignal(PosixSignal.SIGTERM);

        Assert.Equal(143, await run.WaitAsync(Guard, Cancel));
    }

    [Fact]
    public async Task A_writer_that_blocks_does_not_hold_up_the_cancellation()
    {
        using var writer = new BlockedWriter();
        var app = new AppRun(new() { Error = writer, TimeProvider = _clock }, _exits.Add);
        Task<int> run = Run(app, ct => Task.Delay(Timeout.Infinite, ct));
        app.OnSignal(PosixSignal.SIGTERM);

        Assert.Equal(143, await run.WaitAsync(Guard, Cancel));
        Assert.True(writer.IsBlocked);

        // A thread that could outlive the process it belongs to would keep it from ending.
        Assert.True(writer.Writer!.IsBackground);
        writer.Release();
    }

    [Fact]
    public async Task A_logger_that_throws_changes_nothing()
    {
        var app = new AppRun(new() { Error = _errors, TimeProvider = _clock, Logger = new ThrowingLogger() }, _exits.Add);
        var gate = new TaskCompletionSource();
        Task<int> run = Run(app, ct => gate.Task);
        app.OnSignal(PosixSignal.SIGTERM);
        app.OnSignal(PosixSignal.SIGTERM);

        Assert.Equal([143], _exits);
        gate.SetResult();
        Assert.Equal(0, await run.WaitAsync(Guard, Cancel));
    }

    [Fact]
    public async Task A_clock_that_gives_no_timer_does_not_keep_main_from_being_canceled()
    {
        var app = new AppRun(new() { Error = TextWriter.Synchronized(_errors), TimeProvider = new BrokenClock() }, _exits.Add);
        Task<int> run = Run(app, ct => Task.Delay(Timeout.Infinite, ct));
        app.OnSignal(PosixSignal.SIGTERM);

        Assert.Equal(143, await run.WaitAsync(Guard, Cancel));
        Assert.Contains("no timers today", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timer_of_the_grace_period_is_gone_with_the_end()
    {
        var clock = new CountingTime(_clock);
        var app = new AppRun(new() { Error = TextWriter.Synchronized(_errors), TimeProvider = clock }, _exits.Add);
        Task<int> run = Run(app, ct => Task.Delay(Timeout.Infinite, ct));
        app.OnSignal(PosixSignal.SIGTERM);

        Assert.Equal(143, await run.WaitAsync(Guard, Cancel));
        Assert.Equal((1, 0), (clock.Created, clock.Alive));
    }

    [Fact]
    public async Task The_timer_of_the_grace_period_is_gone_also_where_main_ends_before_it_is_set()
    {
        var gate = new TaskCompletionSource();
        Task<int>? run = null;
        var clock = new CountingTime(new HookedTime(_clock, () =>
        {
            gate.SetResult();
            Assert.True(run!.Wait(Guard, Cancel));
        }));
        var app = new AppRun(new() { Error = TextWriter.Synchronized(_errors), TimeProvider = clock }, _exits.Add);
        run = Run(app, ct => gate.Task);
        app.OnSignal(PosixSignal.SIGTERM);

        Assert.Equal(0, await run);
        Assert.Equal((1, 0), (clock.Created, clock.Alive));
    }

    [Fact]
    public async Task However_signals_race_one_stops_and_the_other_ends_the_process()
    {
        for (int round = 0; round < 200; round++)
        {
            _exits.Clear();
            var app = new AppRun(new() { Error = TextWriter.Null, TimeProvider = _clock }, _exits.Add);
            var gate = new TaskCompletionSource();
            CancellationToken token = default;
            Task<int> run = Run(app, async ct =>
            {
                token = ct;
                await gate.Task;
                ct.ThrowIfCancellationRequested();
            });
            using var start = new Barrier(2);
            bool[] ours = await Task.WhenAll(SignalAsync(PosixSignal.SIGINT), SignalAsync(PosixSignal.SIGTERM)).WaitAsync(Guard, Cancel);

            // The later one finds the first on its way; the very first may find that the second has overtaken it.
            Assert.Contains(true, ours);
            Assert.Single(_exits);
            gate.SetResult();
            await run.WaitAsync(Guard, Cancel);

            Task<bool> SignalAsync(PosixSignal signal) => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return app.OnSignal(signal);
                },
                Cancel,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
    }

    [Fact]
    public async Task However_a_signal_races_with_the_start_and_the_end_the_code_is_mains_or_the_signals()
    {
        for (int round = 0; round < 500; round++)
        {
            var app = new AppRun(new() { Error = TextWriter.Null, TimeProvider = _clock }, _exits.Add);
            Task<bool> signal = Task.Run(() => app.OnSignal(PosixSignal.SIGINT), Cancel);
            int code = await Run(app, async ct =>
            {
                await Task.Yield();
                ct.ThrowIfCancellationRequested();
            }).WaitAsync(Guard, Cancel);

            bool ours = await signal.WaitAsync(Guard, Cancel);
            Assert.True(code == 0 || (code == 130 && ours), $"exit code {code}, handled: {ours}");
            Assert.Empty(_exits);
        }
    }

    private static Task<int> Run(AppRun app, Func<CancellationToken, Task> main) =>
        app.RunAsync(new ZeroOnSuccess<TaskOperation<CancellationToken>>(new(main)), Cancel);

    private AppRun App(TimeSpan shutdownTimeout) =>
        new(new() { ShutdownTimeout = shutdownTimeout, Error = TextWriter.Synchronized(_errors), TimeProvider = _clock, Logger = _log }, _exits.Add);

    private sealed class BlockedWriter : StringWriter
    {
        private readonly ManualResetEventSlim _released = new();

        public bool IsBlocked { get; private set; }

        public Thread? Writer { get; private set; }

        public void Release() => _released.Set();

        public override void WriteLine(string? value)
        {
            Writer = Thread.CurrentThread;
            IsBlocked = true;
            _released.Wait(Cancel);
        }
    }

    /// <summary>Does something before it gives a timer.</summary>
    private sealed class HookedTime(TimeProvider inner, Action before) : TimeProvider
    {
        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            before();
            return inner.CreateTimer(callback, state, dueTime, period);
        }
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new NotSupportedException("no timers today");
    }

    private sealed class ThrowingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => throw new InvalidDataException();

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidDataException();
    }
}
