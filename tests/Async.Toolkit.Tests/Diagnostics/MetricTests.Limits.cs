using System.Threading.RateLimiting;
using Async.Toolkit.Tests.Fakes;
using Async.Toolkit.Tests.Pages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

// What is measured of limits: waiting for a place or a permit, strikes of deadlines; and pages.
public sealed partial class MetricTests
{
    [Fact]
    public async Task The_time_that_a_child_waits_for_a_place_is_told()
    {
        var running = new Gate();
        var finish = new Gate();
        await TaskGroup.RunAsync(
            new TaskGroupOptions { Name = _name, TimeProvider = _clock, MaxConcurrency = 1 },
            async group =>
            {
                group.Start(async _ =>
                {
                    running.Open();
                    await finish.Opened;
                });
                await running.Opened;
                group.Start(static _ => Task.CompletedTask);
                _clock.Advance(TimeSpan.FromSeconds(7));
                finish.Open();
            },
            Cancel).Guarded();

        Measured wait = Assert.Single(_metrics.Of("async_toolkit.wait.duration", _name));
        Assert.Equal((7, "limit"), (wait.Value, wait.Tags["async_toolkit.wait.kind"]));
    }

    [Fact]
    public async Task Of_a_crowd_that_waits_for_places_one_in_sixteen_is_measured()
    {
        var finish = new Gate();
        await TaskGroup.RunAsync(
            new TaskGroupOptions { Name = _name, MaxConcurrency = 1 },
            group =>
            {
                for (int i = 0; i <= 16 + 160; i++)
                {
                    group.Start(async _ => await finish.Opened);
                }

                finish.Open();
                return Task.CompletedTask;
            },
            Cancel).Guarded();

        Assert.Equal(16 + 10, _metrics.Of("async_toolkit.wait.duration", _name).Count);
    }

    [Fact]
    public async Task The_time_that_somebody_waits_for_a_permit_is_told_and_none_where_it_is_free()
    {
        using var semaphore = new AsyncSemaphore(1);
        AsyncSemaphore.Permit first = await semaphore.AcquireAsync(Cancel);
        Assert.DoesNotContain(_metrics.All, static one => one.Instrument == "async_toolkit.wait.duration");

        Task<AsyncSemaphore.Permit> second = semaphore.AcquireAsync(Cancel).AsTask();
        first.Dispose();
        (await second.Guarded()).Dispose();

        Measured wait = Assert.Single(_metrics.Of("async_toolkit.wait.duration", group: null));
        Assert.Equal("semaphore", wait.Tags["async_toolkit.wait.kind"]);
        Assert.True(wait.Value > 0);
    }

    [Fact]
    public async Task The_time_that_an_item_waits_for_its_rate_is_told()
    {
        var clock = new AskedClock();
        using var limiter = new ConcurrencyLimiter(new() { PermitLimit = 1, QueueLimit = 1 });
        RateLimitLease held = limiter.AttemptAcquire();
        Task gather = Gather.AllAsync([1], new GatherOptions { Name = _name, TimeProvider = clock, RateLimiter = limiter }, static (item, _) => Task.FromResult(item), Cancel);

        // For the call as a whole, and for the item that waits.
        await clock.AskedTwice.Reached();
        clock.Advance(TimeSpan.FromSeconds(7));
        held.Dispose();
        await gather.Guarded();

        // This one finds a permit.
        await Gather.AllAsync([1], new GatherOptions { Name = _name, RateLimiter = limiter }, static (item, _) => Task.FromResult(item), Cancel).Guarded();

        Measured wait = Assert.Single(_metrics.Of("async_toolkit.wait.duration", _name));
        Assert.Equal((7, "rate"), (wait.Value, wait.Tags["async_toolkit.wait.kind"]));
    }

    [Fact]
    public async Task Each_strike_of_a_deadline_is_counted_by_what_it_was_for()
    {
        TimeSpan limit = TimeSpan.FromSeconds(1);
        Task group = TaskGroup.RunAsync(new TaskGroupOptions { Name = _name, TimeProvider = _clock, Timeout = limit }, static group => group.CancellationToken.UntilCanceled(), Cancel);
        Task call = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { TimeProvider = _clock, Timeout = limit }, static ct => ct.UntilCanceled(), Cancel);
        var scope = new AsyncTimeout(new AsyncTimeoutOptions { TimeProvider = _clock, Timeout = limit }, Cancel);
        var running = new Gate();
        Task gather = Gather.AllAsync<int, int>(
            [1],
            new GatherOptions { Name = _name, TimeProvider = _clock, ItemTimeout = limit },
            async (_, ct) =>
            {
                running.Open();
                await ct.UntilCanceled();
                return 0;
            },
            Cancel);
        await running.Reached();

        // The item's limit is set once its delegate has returned.
        Assert.True(SpinWait.SpinUntil(() => Advanced(limit) && gather.IsCompleted, TimeSpan.FromSeconds(30)));
        await Task.WhenAll(group.Ended(), call.Ended(), gather.Ended(), scope.DisposeAsync().AsTask()).Guarded();
        await TaskGroup.RunAsync(new TaskGroupOptions { Name = _name, Timeout = TimeSpan.Zero }, static _ => Task.CompletedTask, Cancel).OnlyFailure();
        await AsyncTimeout.RunAsync(TimeSpan.Zero, static _ => Task.CompletedTask, Cancel).OnlyFailure();

        Assert.Equal(["group", "group", "item"], _metrics.Of("async_toolkit.deadline.strikes", _name).Select(KindOf).Order(StringComparer.Ordinal));
        Assert.Equal(["operation", "operation", "operation"], _metrics.Of("async_toolkit.deadline.strikes", group: null).Select(KindOf));
    }

    [Fact]
    public async Task A_strike_on_an_operation_tells_its_name()
    {
        var options = new AsyncTimeoutOptions { Name = _name, TimeProvider = _clock, Timeout = TimeSpan.FromSeconds(1) };
        Task call = AsyncTimeout.RunAsync(options, static ct => ct.UntilCanceled(), Cancel);
        var scope = new AsyncTimeout(options, Cancel);
        _clock.Advance(options.Timeout);
        await call.OnlyFailure();
        await scope.DisposeAsync();
        await AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Name = _name, Timeout = TimeSpan.Zero }, static _ => Task.CompletedTask, Cancel).OnlyFailure();

        Assert.Equal(["operation", "operation", "operation"], _metrics.Of("async_toolkit.deadline.strikes", _name).Select(KindOf));
    }

    [Fact]
    public async Task A_limit_that_does_not_strike_is_not_counted()
    {
        using var caller = new CancellationTokenSource();
        Task call = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { TimeProvider = _clock, Timeout = TimeSpan.FromSeconds(1) }, static ct => ct.UntilCanceled(), caller.Token);
        await caller.CancelAsync();
        await call.Cancellation();

        Assert.DoesNotContain(_metrics.All, static one => one.Instrument == "async_toolkit.deadline.strikes");
    }

    [Fact]
    public async Task Pages_that_were_fetched_are_counted_and_failed_ones_are_not()
    {
        await Styles.ByCursor(PageServer.Of(3)).Loop();
        await Styles.ByPageNumber(PageServer.Of(4)).Concurrency(2).Loop();
        await Styles.ByCursor(PageServer.Of(2, onFetch: static (page, _) => page == 0 ? Task.CompletedTask : throw new InvalidDataException())).Loop().OnlyFailure();

        Assert.Equal(3 + 4 + 1, _metrics.Of("async_toolkit.page.fetched", group: null).Sum(static one => one.Value));
    }

    private static string KindOf(Measured strike) => (string)strike.Tags["async_toolkit.deadline.kind"]!;

    private bool Advanced(TimeSpan span)
    {
        _clock.Advance(span);
        return true;
    }

    private sealed class AskedClock : FakeTimeProvider
    {
        public Gate AskedTwice { get; } = new(2);

        public override long GetTimestamp()
        {
            long now = base.GetTimestamp();
            AskedTwice.Open();
            return now;
        }
    }
}
