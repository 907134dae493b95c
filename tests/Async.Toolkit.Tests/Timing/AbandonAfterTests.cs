using System.Runtime.CompilerServices;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

/// <summary>Operations that ignore their token are left behind where the options say so, and never forgotten.</summary>
public sealed class AbandonAfterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _clock = new();
    private readonly FakeLogger _logger = new();
    private readonly TaskCompletionSource _deaf = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task The_caller_is_released_and_the_later_failure_is_logged()
    {
        Task run = AsyncTimeout.RunAsync(Options(), _ => _deaf.Task, TestContext.Current.CancellationToken);

        _clock.Advance(Limit);
        _clock.Advance(Patience - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<TimeoutException>(await run.OnlyFailure());

        LogEntry left = await _logger.First(10);
        Assert.Equal(LogLevel.Warning, left.Level);
        Assert.Equal("Operation 'deaf' went on for 00:00:01 after its cancellation (time limit of 00:00:02) and was left behind.", left.Message);

        var failure = new InvalidOperationException();
        _deaf.SetException(failure);
        LogEntry failed = await _logger.First(11);
        Assert.Same(failure, failed.Exception);
        Assert.Equal(LogLevel.Error, failed.Level);
    }

    [Fact]
    public async Task Nothing_is_unobserved_without_a_logger()
    {
        // The fixture of this assembly fails the run where anything is.
        var written = new Listening();
        System.Diagnostics.Trace.Listeners.Add(written);
        try
        {
            Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Name = "unlogged", Timeout = Limit, AbandonAfter = Patience, TimeProvider = _clock }, _ => _deaf.Task, TestContext.Current.CancellationToken);
            _clock.Advance(Limit);
            _clock.Advance(Patience);
            await run.Failures();

            _deaf.SetException(new InvalidOperationException("told to nobody"));
            Assert.Contains("told to nobody", await written.Line.Guarded(), StringComparison.Ordinal);
        }
        finally
        {
            System.Diagnostics.Trace.Listeners.Remove(written);
        }
    }

    [Fact]
    public async Task An_operation_that_ends_in_time_is_waited_for()
    {
        Task run = AsyncTimeout.RunAsync(Options(), ct => ct.UntilCanceled(), TestContext.Current.CancellationToken);

        _clock.Advance(Limit);
        Assert.IsType<TimeoutException>(await run.OnlyFailure());
        _clock.Advance(Patience);
        Assert.Empty(_logger.Entries);
    }

    [Fact]
    public async Task Zero_releases_the_caller_as_the_limit_strikes()
    {
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Timeout = Limit, AbandonAfter = TimeSpan.Zero, TimeProvider = _clock, Logger = _logger }, _ => _deaf.Task, TestContext.Current.CancellationToken);

        _clock.Advance(Limit);
        Assert.IsType<TimeoutException>(await run.OnlyFailure());
        _deaf.SetResult();
    }

    [Fact]
    public async Task A_caller_who_cancels_is_released_too_with_its_own_token()
    {
        using var caller = new CancellationTokenSource();
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { AbandonAfter = Patience, TimeProvider = _clock, Logger = _logger }, _ => _deaf.Task, caller.Token);

        await caller.CancelAsync();
        Assert.False(run.IsCompleted);
        _clock.Advance(Patience);
        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
        _deaf.SetResult();
    }

    [Fact]
    public async Task TryRunAsync_is_released_as_not_completed()
    {
        Task<bool> run = AsyncTimeout.TryRunAsync(Options(), _ => _deaf.Task, TestContext.Current.CancellationToken);

        _clock.Advance(Limit);
        _clock.Advance(Patience);
        Assert.False(await run.Guarded());
        _deaf.SetResult();
    }

    [Fact]
    public async Task What_is_left_behind_keeps_neither_a_timer_nor_a_hold_on_the_callers_token()
    {
        using var caller = new CancellationTokenSource();
        var clock = new CountingTime(_clock);
        WeakReference operation = await LeaveBehind(clock, caller.Token);

        Assert.Equal(0, clock.Alive);
        Assert.True(await operation.IsCollected());
    }

    [Fact]
    public async Task A_callback_that_hangs_releases_the_caller_with_the_operations_own_outcome()
    {
        using var hold = new ManualResetEventSlim();
        var inCallback = new Gate();
        var operation = new TaskCompletionSource<int>();
        Task<int> run = AsyncTimeout.RunAsync(Options(), ct =>
        {
            ct.Register(() =>
            {
                inCallback.Open();
                hold.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
                throw new InvalidOperationException("late");
            });
            return operation.Task;
        }, TestContext.Current.CancellationToken);

        _clock.Advance(Limit);
        await inCallback.Reached();
        operation.SetResult(42);
        Assert.False(run.IsCompleted);
        _clock.Advance(Patience);
        Assert.Equal(42, await run.Guarded());
        Assert.Equal("A cancellation callback of Operation 'deaf' went on for 00:00:01 after its cancellation (time limit of 00:00:02) and was left behind.", (await _logger.First(10)).Message);

        hold.Set();
        Assert.Equal("late", (await _logger.First(11)).Exception!.Message);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> LeaveBehind(TimeProvider clock, CancellationToken caller)
    {
        // Nothing else holds this operation, and it never ends.
        var operation = new TaskCompletionSource();
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Timeout = Limit, AbandonAfter = Patience, TimeProvider = clock }, _ => operation.Task, caller);
        _clock.Advance(Limit);
        _clock.Advance(Patience);
        await run.Failures();
        return new WeakReference(operation.Task);
    }

    private AsyncTimeoutOptions Options() => new() { Name = "deaf", Timeout = Limit, AbandonAfter = Patience, TimeProvider = _clock, Logger = _logger };

    private sealed class Listening : System.Diagnostics.TraceListener
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override void Write(string? message)
        {
        }

        public override void WriteLine(string? message)
        {
            if (message?.Contains("unlogged", StringComparison.Ordinal) == true)
            {
                _line.TrySetResult(message);
            }
        }
    }
}
