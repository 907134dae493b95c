using System.Runtime.CompilerServices;
using Async.Toolkit.Testing;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

/// <summary>Operations that ignore their token are left behind where the options say so, and never forgotten.</summary>
[Collection(nameof(OnVirtualTime))]
public sealed class AbandonAfterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly FakeLogger _logger = new();
    private readonly TaskCompletionSource _deaf = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_caller_is_released_and_the_later_failure_is_logged() => VirtualTime.RunAsync(async time =>
    {
        Assert.IsType<TimeoutException>(await AsyncTimeout.RunAsync(Options(time.Provider), _ => _deaf.Task).OnlyFailure());
        Assert.Equal(Limit + Patience, time.Elapsed);

        LogEntry left = await _logger.First(10);
        Assert.Equal(LogLevel.Warning, left.Level);
        Assert.Equal("Operation 'deaf' went on for 00:00:01 after its cancellation (time limit of 00:00:02) and was left behind.", left.Message);

        var failure = new InvalidOperationException();
        _deaf.SetException(failure);
        LogEntry failed = await _logger.First(11);
        Assert.Same(failure, failed.Exception);
        Assert.Equal(LogLevel.Error, failed.Level);
    }, TestToken);

    [Fact]
    public Task Nothing_is_unobserved_without_a_logger() => VirtualTime.RunAsync(async time =>
    {
        // The fixture of this assembly fails the run where anything is.
        var written = new Listening();
        System.Diagnostics.Trace.Listeners.Add(written);
        try
        {
            await AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Name = "unlogged", Timeout = Limit, AbandonAfter = Patience, TimeProvider = time.Provider }, _ => _deaf.Task).Failures();

            _deaf.SetException(new InvalidOperationException("told to nobody"));
            Assert.Contains("told to nobody", await written.Line.Guarded(), StringComparison.Ordinal);
        }
        finally
        {
            System.Diagnostics.Trace.Listeners.Remove(written);
        }
    }, TestToken);

    [Fact]
    public Task An_operation_that_ends_in_time_is_waited_for() => VirtualTime.RunAsync(async time =>
    {
        Task run = AsyncTimeout.RunAsync(Options(time.Provider), async ct =>
        {
            await time.Delay(Limit + (Patience / 2), CancellationToken.None);
            ct.ThrowIfCancellationRequested();
        });

        Assert.IsType<TimeoutException>(await run.OnlyFailure());
        Assert.Equal(Limit + (Patience / 2), time.Elapsed);
        await time.AdvanceAsync(Patience);
        Assert.Empty(_logger.Entries);
    }, TestToken);

    [Fact]
    public Task Zero_releases_the_caller_as_the_limit_strikes() => VirtualTime.RunAsync(async time =>
    {
        var options = new AsyncTimeoutOptions { Timeout = Limit, AbandonAfter = TimeSpan.Zero, TimeProvider = time.Provider, Logger = _logger };

        Assert.IsType<TimeoutException>(await AsyncTimeout.RunAsync(options, _ => _deaf.Task).OnlyFailure());
        Assert.Equal(Limit, time.Elapsed);
        _deaf.SetResult();
    }, TestToken);

    [Fact]
    public Task A_caller_who_cancels_is_released_too_with_its_own_token() => VirtualTime.RunAsync(async time =>
    {
        using var caller = new CancellationTokenSource(Limit, time.Provider);

        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { AbandonAfter = Patience, TimeProvider = time.Provider, Logger = _logger }, _ => _deaf.Task, caller.Token);

        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
        Assert.Equal(Limit + Patience, time.Elapsed);
        Assert.Equal("The operation went on for 00:00:01 after its cancellation (by its caller) and was left behind.", (await _logger.First(10)).Message);
        _deaf.SetResult();
    }, TestToken);

    [Fact]
    public async Task A_caller_who_cancels_while_the_operation_starts_is_released_too()
    {
        var clock = new FakeTimeProvider();
        using var caller = new CancellationTokenSource();
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { AbandonAfter = Patience, TimeProvider = clock }, _ =>
        {
            caller.Cancel();
            return _deaf.Task;
        }, caller.Token);

        clock.Advance(Patience);
        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
        _deaf.SetResult();
    }

    [Fact]
    public async Task What_was_left_behind_and_ends_by_its_cancellation_is_no_failure()
    {
        var clock = new FakeTimeProvider();

        // Told of its end on the thread that ends it.
        var deaf = new TaskCompletionSource();
        Task run = AsyncTimeout.RunAsync(Options(clock), _ => deaf.Task, TestToken);
        clock.Advance(Limit);
        clock.Advance(Patience);
        Assert.IsType<TimeoutException>(await run.OnlyFailure());

        deaf.SetCanceled(TestToken);
        Assert.Equal(10, Assert.Single(_logger.Entries).Event.Id);
    }

    [Fact]
    public Task TryRunAsync_is_released_as_not_completed() => VirtualTime.RunAsync(async time =>
    {
        Assert.False(await AsyncTimeout.TryRunAsync(Options(time.Provider), _ => _deaf.Task));
        Assert.Equal(Limit + Patience, time.Elapsed);
        _deaf.SetResult();
    }, TestToken);

    [Fact]
    public Task What_is_left_behind_keeps_neither_a_timer_nor_a_hold_on_the_callers_token() => VirtualTime.RunAsync(async time =>
    {
        using var caller = new CancellationTokenSource();
        var clock = new CountingTime(time.Provider);
        WeakReference operation = await LeaveBehind(clock, caller.Token);

        Assert.Equal(0, clock.Alive);
        Assert.True(await operation.IsCollected());
    }, TestToken);

    // On a clock that is pushed: that of virtual time stands still for as long as the callback blocks its thread.
    [Fact]
    public async Task A_callback_that_hangs_releases_the_caller_with_the_operations_own_outcome()
    {
        var clock = new FakeTimeProvider();
        using var hold = new ManualResetEventSlim();
        var inCallback = new Gate();
        var operation = new TaskCompletionSource<int>();
        Task<int> run = AsyncTimeout.RunAsync(Options(clock), ct =>
        {
            ct.Register(() =>
            {
                inCallback.Open();
                hold.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
                throw new InvalidOperationException("late");
            });

            // Called before the other one; what it throws is a cancellation that was asked for.
            ct.Register(() => ct.ThrowIfCancellationRequested());
            return operation.Task;
        }, TestToken);

        clock.Advance(Limit);
        await inCallback.Reached();
        operation.SetResult(42);
        Assert.False(run.IsCompleted);
        clock.Advance(Patience);
        Assert.Equal(42, await run.Guarded());
        Assert.Equal("A cancellation callback of operation 'deaf' went on for 00:00:01 after its cancellation (time limit of 00:00:02) and was left behind.", (await _logger.First(10)).Message);

        hold.Set();
        Assert.Equal("late", (await _logger.First(11)).Exception!.Message);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> LeaveBehind(TimeProvider clock, CancellationToken caller)
    {
        // Nothing else holds this operation, and it never ends.
        var operation = new TaskCompletionSource();
        await AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Timeout = Limit, AbandonAfter = Patience, TimeProvider = clock }, _ => operation.Task, caller).Failures();
        return new WeakReference(operation.Task);
    }

    private AsyncTimeoutOptions Options(TimeProvider clock) => new() { Name = "deaf", Timeout = Limit, AbandonAfter = Patience, TimeProvider = clock, Logger = _logger };

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
