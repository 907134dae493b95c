using Xunit;

namespace Async.Toolkit.Tests.Timing;

/// <summary>Bad input fails at once, by name and value; every shape of delegate compiles as it stands.</summary>
public sealed class AsyncTimeoutArgumentTests
{
    private static readonly TimeSpan Negative = TimeSpan.FromSeconds(-3);

    [Fact]
    public void A_negative_limit_is_named_with_its_value()
    {
        bool called = false;
        Func<CancellationToken, Task> operation = _ => { called = true; return Task.CompletedTask; };
        Action[] calls =
        [
            () => { _ = AsyncTimeout.RunAsync(Negative, operation, TestContext.Current.CancellationToken); },
            () => { _ = AsyncTimeout.TryRunAsync(Negative, operation, TestContext.Current.CancellationToken); },
            () => { _ = new AsyncTimeout(Negative); },
        ];
        foreach (Action call in calls)
        {
            ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>("timeout", call);
            Assert.Equal(Negative, thrown.ActualValue);
        }

        using var limit = new AsyncTimeout(TimeSpan.FromHours(1));
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => limit.Reschedule(Negative));
        Assert.Throws<ArgumentOutOfRangeException>("Timeout", () => new AsyncTimeoutOptions { Timeout = Negative });
        Assert.Throws<ArgumentOutOfRangeException>("AbandonAfter", () => new AsyncTimeoutOptions { AbandonAfter = Negative });
        Assert.Throws<ArgumentNullException>("TimeProvider", () => new AsyncTimeoutOptions { TimeProvider = null! });
        Assert.False(called);
    }

    [Fact]
    public void A_null_operation_and_null_options_are_named()
    {
        Func<CancellationToken, Task> nothing = null!;
        Func<CancellationToken, ValueTask<int>> nothingOfT = null!;
        AsyncTimeoutOptions noOptions = null!;
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Throws<ArgumentNullException>("operation", () => { _ = AsyncTimeout.RunAsync(TimeSpan.Zero, nothing, token); });
        Assert.Throws<ArgumentNullException>("operation", () => { _ = AsyncTimeout.RunAsync(new AsyncTimeoutOptions(), nothingOfT, token); });
        Assert.Throws<ArgumentNullException>("operation", () => { _ = AsyncTimeout.TryRunAsync(TimeSpan.Zero, nothing, token); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = AsyncTimeout.RunAsync(noOptions, _ => Task.CompletedTask, token); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = AsyncTimeout.TryRunAsync(noOptions, _ => Task.CompletedTask, token); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = new AsyncTimeout(noOptions, token); });
    }

    [Fact]
    public async Task A_delegate_that_returns_null_fails_the_call()
    {
        Func<CancellationToken, Task<int>> broken = _ => null!;
        Assert.IsType<InvalidOperationException>(await AsyncTimeout.RunAsync(TimeSpan.FromHours(1), broken, TestContext.Current.CancellationToken).OnlyFailure());
    }

    [Fact]
    public async Task Every_shape_of_delegate_compiles_with_and_without_a_state()
    {
        TimeSpan hour = TimeSpan.FromHours(1);
        CancellationToken token = TestContext.Current.CancellationToken;
        await AsyncTimeout.RunAsync(hour, async ct => await Task.Yield(), token);
        await AsyncTimeout.RunAsync(hour, Done, token);
        await AsyncTimeout.RunAsync(new() { Timeout = hour }, ValueDone, token);
        Assert.Equal(1, await AsyncTimeout.RunAsync(hour, One, token));
        Assert.Equal(1, await AsyncTimeout.RunAsync(hour, ValueOne, token));
        Assert.Equal(3, await AsyncTimeout.RunAsync(hour, 3, static async (three, ct) => { await Task.Yield(); return three; }, token));
        Assert.Equal(3, await AsyncTimeout.RunAsync(hour, 3, static (three, ct) => Task.FromResult(three), token));
        await AsyncTimeout.RunAsync(new() { Timeout = hour }, "state", static async (_, ct) => await Task.Yield(), token);
        await AsyncTimeout.RunAsync(hour, "state", static (_, ct) => Task.CompletedTask, token);
        Assert.Equal((true, 3), await AsyncTimeout.TryRunAsync(hour, 3, static async (three, ct) => { await Task.Yield(); return three; }, token));
        Assert.Equal((true, 3), await AsyncTimeout.TryRunAsync(new() { Timeout = hour }, 3, static (three, ct) => Task.FromResult(three), token));
        Assert.True(await AsyncTimeout.TryRunAsync(hour, "state", static (_, ct) => ValueTask.CompletedTask, token));
        Assert.True(await AsyncTimeout.TryRunAsync(new() { Timeout = hour }, "state", static (_, ct) => Task.CompletedTask, token));

        using var limit = new AsyncTimeout(new() { Timeout = hour }, token);

        static Task Done(CancellationToken ct) => Task.CompletedTask;
        static ValueTask ValueDone(CancellationToken ct) => ValueTask.CompletedTask;
        static Task<int> One(CancellationToken ct) => Task.FromResult(1);
        static ValueTask<int> ValueOne(CancellationToken ct) => ValueTask.FromResult(1);
    }
}
