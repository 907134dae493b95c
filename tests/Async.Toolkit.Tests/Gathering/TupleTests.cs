using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class TupleTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operations_of_two_to_six_types_give_a_tuple()
    {
        Assert.Equal((1, "two"), await Gather.AllAsync(One, Two, TestToken));
        Assert.Equal((1, "two", 3.0), await Gather.AllAsync(One, Two, Three, TestToken));
        Assert.Equal((1, "two", 3.0, 4L), await Gather.AllAsync(One, Two, Three, Four, TestToken));
        Assert.Equal((1, "two", 3.0, 4L, '5'), await Gather.AllAsync(One, Two, Three, Four, Five, TestToken));
        Assert.Equal((1, "two", 3.0, 4L, '5', true), await Gather.AllAsync(One, Two, Three, Four, Five, Six, TestToken));
    }

    [Fact]
    public async Task ValueTasks_and_async_lambdas_give_a_tuple_too()
    {
        static async ValueTask<int> NumberAsync(CancellationToken token)
        {
            await Task.Yield();
            return 1;
        }

        static ValueTask<string> Text(CancellationToken token) => new("two");

        Assert.Equal((1, "two"), await Gather.AllAsync(NumberAsync, Text, TestToken));
        Assert.Equal((1, "two", 3.0), await Gather.AllAsync(async ct => await One(ct), async ct => await Text(ct), async ct => await Three(ct), TestToken));
        Assert.Equal((1, "two", 1, "two"), await Gather.AllAsync(NumberAsync, Text, NumberAsync, Text, TestToken));
        Assert.Equal((1, "two", 1, "two", 1), await Gather.AllAsync(NumberAsync, Text, NumberAsync, Text, NumberAsync, TestToken));
        Assert.Equal((1, "two", 1, "two", 1, "two"), await Gather.AllAsync(NumberAsync, Text, NumberAsync, Text, NumberAsync, Text, TestToken));
    }

    [Fact]
    public async Task An_operation_that_returns_no_task_is_told_by_its_number()
    {
        Task<(int, string)> call = Gather.AllAsync(One, static Task<string> (token) => null!, TestToken);

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => call.WaitAsync(Guard, TestToken));
        Assert.Equal("Operation 2 returned null where a task was expected.", thrown.Message);
    }

    [Fact]
    public async Task All_run_at_once_and_the_first_failure_cancels_the_others()
    {
        var failure = new IOException("the second");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool canceled = false;
        Task<(int, string)> call = Gather.AllAsync(
            async ct =>
            {
                started.SetResult();
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, ct);
                }
                finally
                {
                    canceled = true;
                }

                return 1;
            },
            async ct =>
            {
                await started.Task.WaitAsync(Guard, CancellationToken.None);
                if (failure is not null)
                {
                    throw failure;
                }

                return "";
            },
            TestToken);

        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => call.WaitAsync(Guard, TestToken)));
        Assert.Single(call.Exception!.InnerExceptions);
        Assert.True(canceled);
    }

    [Fact]
    public async Task The_callers_cancellation_carries_the_callers_token()
    {
        using var cancellation = new CancellationTokenSource();
        Task<(int, int)> call = Gather.AllAsync(
            async ct =>
            {
                await cancellation.CancelAsync();
                return 1;
            },
            async ct =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
                return 2;
            },
            cancellation.Token);

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Guard, TestToken));
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task A_token_that_is_canceled_already_starts_nothing()
    {
        bool started = false;
        Task<(int, int)> call = Gather.AllAsync(ct => StartAsync(1), ct => StartAsync(2), new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False(started);

        Task<int> StartAsync(int result)
        {
            started = true;
            return Task.FromResult(result);
        }
    }

    [Fact]
    public void A_missing_operation_is_named()
    {
        Func<CancellationToken, Task<string>> none = null!;
        Func<object>[] calls = [() => Gather.AllAsync(One, none, TestToken), () => Gather.AllAsync(none, Three, Four, TestToken)];

        Assert.Equal(["second", "first"], calls.Select(static call => Assert.Throws<ArgumentNullException>(() => { call(); }).ParamName));
    }

    private static Task<int> One(CancellationToken token) => Task.FromResult(1);

    private static async Task<string> Two(CancellationToken token)
    {
        await Task.Yield();
        return "two";
    }

    private static Task<double> Three(CancellationToken token) => Task.FromResult(3.0);

    private static Task<long> Four(CancellationToken token) => Task.FromResult(4L);

    private static Task<char> Five(CancellationToken token) => Task.FromResult('5');

    private static Task<bool> Six(CancellationToken token) => Task.FromResult(true);
}
