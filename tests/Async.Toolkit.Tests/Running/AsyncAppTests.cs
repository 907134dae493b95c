using Xunit;

namespace Async.Toolkit.Tests.Running;

/// <summary>A program without signals: exit codes, failures, cancellation, bad input.</summary>
[Collection("The signals of the process")]
public sealed class AsyncAppTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly StringWriter _errors = new();

    private AsyncAppOptions Hosted => new() { HandleSignals = false, Error = TextWriter.Synchronized(_errors) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _errors.Dispose();

    [Fact]
    public async Task Every_shape_of_main_compiles_and_gives_its_exit_code()
    {
        Assert.Equal(0, await AsyncApp.RunAsync(Hosted, async ct => await Task.Yield(), Cancel));
        Assert.Equal(0, await AsyncApp.RunAsync(Hosted, ct => Task.CompletedTask, Cancel));
        Assert.Equal(0, await AsyncApp.RunAsync(Hosted, ct => ValueTask.CompletedTask, Cancel));
        Assert.Equal(0, await AsyncApp.RunAsync(Hosted, TaskMain, Cancel));
        Assert.Equal(0, await AsyncApp.RunAsync(Hosted, ValueTaskMain, Cancel));
        Assert.Equal(1, await AsyncApp.RunAsync(Hosted, async ct => { await Task.Yield(); return 1; }, Cancel));
        Assert.Equal(2, await AsyncApp.RunAsync(Hosted, ct => Task.FromResult(2), Cancel));
        Assert.Equal(3, await AsyncApp.RunAsync(Hosted, ct => ValueTask.FromResult(3), Cancel));
        Assert.Equal(4, await AsyncApp.RunAsync(Hosted, TaskCodeMain, Cancel));
        Assert.Equal(5, await AsyncApp.RunAsync(Hosted, ValueTaskCodeMain, Cancel));
        Assert.Equal(6, await AsyncApp.RunAsync(new() { HandleSignals = false }, async ct => { await Task.Yield(); return 6; }, Cancel));
        Assert.Equal(1, await AsyncApp.RunAsync(Hosted, async ct => { await Task.Yield(); throw new InvalidDataException(); }, Cancel));
        Assert.Equal(1, await AsyncApp.RunAsync(
            Hosted,
            async ct =>
            {
                for (int i = 0; ; i++)
                {
                    await Task.Yield();
                    ObjectDisposedException.ThrowIf(i == 3, this);
                }
            },
            Cancel));
    }

    [Fact]
    public async Task Every_shape_of_main_compiles_without_options()
    {
        // One after another: each handles the signals of the test process while it runs.
        Assert.Equal(0, await AsyncApp.RunAsync(TaskMain, Cancel));
        Assert.Equal(0, await AsyncApp.RunAsync(ValueTaskMain, Cancel));
        Assert.Equal(4, await AsyncApp.RunAsync(TaskCodeMain, Cancel));
        Assert.Equal(5, await AsyncApp.RunAsync(ValueTaskCodeMain, Cancel));
    }

    [Fact]
    public async Task A_failure_gives_1_and_is_printed_once()
    {
        Assert.Equal(1, await AsyncApp.RunAsync(Hosted, ct => Task.FromException(new InvalidDataException("broken")), Cancel));

        Assert.Equal("System.IO.InvalidDataException: broken", _errors.ToString().TrimEnd());
    }

    [Fact]
    public async Task A_failure_that_cannot_be_printed_gives_1_and_is_named()
    {
        Assert.Equal(1, await AsyncApp.RunAsync(Hosted, ct => Task.FromException(new UnspeakableException()), Cancel));

        Assert.Contains(nameof(UnspeakableException), _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_main_that_throws_before_its_first_wait_fails_the_same_way()
    {
        Assert.Equal(1, await AsyncApp.RunAsync(Hosted, (Func<CancellationToken, Task>)(ct => throw new InvalidDataException("at once")), Cancel));

        Assert.Contains("at once", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_failures_are_printed_in_order_each_object_once()
    {
        var shared = new InvalidDataException("one");
        Assert.Equal(1, await AsyncApp.RunAsync(Hosted, ct => Task.WhenAll(Task.FromException(shared), Task.FromException(new InvalidDataException("two")), Task.FromException(shared)), Cancel));

        Assert.Equal(["System.IO.InvalidDataException: one", "System.IO.InvalidDataException: two"], _errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure()
    {
        Assert.Equal(1, await AsyncApp.RunAsync(Hosted, ct => Task.FromException<int>(new OperationCanceledException("of its own")), Cancel));

        Assert.StartsWith("Async.Toolkit.ChildCanceledException: ", _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("of its own", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_cancellation_is_thrown_with_the_callers_token()
    {
        using var source = new CancellationTokenSource();
        Task<int> run = AsyncApp.RunAsync(Hosted, ct => Task.Delay(Timeout.Infinite, ct), source.Token);
        await source.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Guard, Cancel));
        Assert.Equal(source.Token, thrown.CancellationToken);
        Assert.Empty(_errors.ToString());
    }

    [Fact]
    public async Task A_token_that_is_canceled_already_starts_nothing()
    {
        bool called = false;
        var canceled = new CancellationToken(canceled: true);
        Task<int> run = AsyncApp.RunAsync(
            Hosted,
            ct =>
            {
                called = true;
                return Task.CompletedTask;
            },
            canceled);

        Assert.Equal(canceled, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run)).CancellationToken);
        Assert.False(called);
    }

    [Fact]
    public async Task Runs_without_signals_may_overlap()
    {
        var both = new TaskCompletionSource();
        int running = 0;
        Task<int> first = AsyncApp.RunAsync(Hosted, MeetAsync, Cancel);
        Task<int> second = AsyncApp.RunAsync(Hosted, MeetAsync, Cancel);

        int[] codes = await Task.WhenAll(first, second).WaitAsync(Guard, Cancel);
        Assert.Equal([0, 0], codes);

        async Task MeetAsync(CancellationToken ct)
        {
            if (++running == 2)
            {
                both.SetResult();
            }

            await both.Task;
        }
    }

    [Fact]
    public async Task A_second_run_at_once_that_handles_signals_is_refused_and_the_first_goes_on()
    {
        var gate = new TaskCompletionSource();
        Task<int> first = AsyncApp.RunAsync(ct => gate.Task, Cancel);
        bool called = false;
        Func<CancellationToken, Task> second = ct =>
        {
            called = true;
            return Task.CompletedTask;
        };

        var thrown = Assert.Throws<InvalidOperationException>(() => { _ = AsyncApp.RunAsync(second, Cancel); });
        Assert.Contains("AsyncApp runs already", thrown.Message, StringComparison.Ordinal);
        Assert.False(called);

        gate.SetResult();
        Assert.Equal(0, await first.WaitAsync(Guard, Cancel));
        Assert.Equal(0, await AsyncApp.RunAsync(second, Cancel));
        Assert.True(called);
    }

    [Fact]
    public async Task A_writer_that_throws_does_not_change_the_exit_code()
    {
        var closed = new StringWriter();
        await closed.DisposeAsync();

        Assert.Equal(1, await AsyncApp.RunAsync(new() { HandleSignals = false, Error = closed }, ct => Task.FromException(new InvalidDataException()), Cancel));
    }

    [Fact]
    public void Null_arguments_are_named_at_once()
    {
        Assert.Throws<ArgumentNullException>("main", () => { _ = AsyncApp.RunAsync((Func<CancellationToken, Task>)null!, Cancel); });
        Assert.Throws<ArgumentNullException>("main", () => { _ = AsyncApp.RunAsync((Func<CancellationToken, ValueTask>)null!, Cancel); });
        Assert.Throws<ArgumentNullException>("main", () => { _ = AsyncApp.RunAsync((Func<CancellationToken, Task<int>>)null!, Cancel); });
        Assert.Throws<ArgumentNullException>("main", () => { _ = AsyncApp.RunAsync((Func<CancellationToken, ValueTask<int>>)null!, Cancel); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = AsyncApp.RunAsync(null!, TaskMain, Cancel); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = AsyncApp.RunAsync(null!, ValueTaskMain, Cancel); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = AsyncApp.RunAsync(null!, TaskCodeMain, Cancel); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = AsyncApp.RunAsync(null!, ValueTaskCodeMain, Cancel); });
    }

    [Fact]
    public void Bad_options_are_refused_with_their_name_and_value()
    {
        Assert.Throws<ArgumentNullException>("Name", () => new AsyncAppOptions { Name = null! });
        Assert.Throws<ArgumentNullException>("TimeProvider", () => new AsyncAppOptions { TimeProvider = null! });
        var thrown = Assert.Throws<ArgumentOutOfRangeException>("ShutdownTimeout", () => new AsyncAppOptions { ShutdownTimeout = TimeSpan.FromSeconds(-5) });
        Assert.Equal(TimeSpan.FromSeconds(-5), thrown.ActualValue);
        Assert.Equal(Timeout.InfiniteTimeSpan, new AsyncAppOptions { ShutdownTimeout = Timeout.InfiniteTimeSpan }.ShutdownTimeout);
        Assert.Equal(TimeSpan.Zero, new AsyncAppOptions { ShutdownTimeout = TimeSpan.Zero }.ShutdownTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), new AsyncAppOptions().ShutdownTimeout);
        Assert.True(new AsyncAppOptions().HandleSignals);
        Assert.Equal("AsyncApp", new AsyncAppOptions().Name);
    }

    private static async Task TaskMain(CancellationToken ct) => await Task.Yield();

    private static async ValueTask ValueTaskMain(CancellationToken ct) => await Task.Yield();

    private static Task<int> TaskCodeMain(CancellationToken ct) => Task.FromResult(4);

    private static ValueTask<int> ValueTaskCodeMain(CancellationToken ct) => ValueTask.FromResult(5);

    private sealed class UnspeakableException : Exception
    {
        public override string ToString() => throw new NotSupportedException();
    }
}
