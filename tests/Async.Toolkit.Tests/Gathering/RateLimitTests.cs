using System.Threading.RateLimiting;
using Async.Toolkit.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

[Collection(nameof(OnVirtualTime))]
public sealed class RateLimitTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task Ten_per_second_start_as_the_limiter_allows() => VirtualTime.RunAsync(async time =>
    {
        using var limiter = new ClockedLimiter(time.Provider, 10, Second);

        TimeSpan[] starts = await Gather.AllAsync(Enumerable.Range(0, 100), new() { MaxConcurrency = 100, RateLimiter = limiter }, (_, _) => Task.FromResult(time.Elapsed));

        Assert.Equal(Enumerable.Range(0, 100).Select(static item => item / 10 * Second), starts.Order());
        Assert.Equal(0, limiter.OpenLeases);
    }, TestToken);

    [Fact]
    public async Task An_item_runs_on_the_pool_whichever_thread_gave_the_permit()
    {
        using var limiter = new ThreadLimiter();
        bool[] onPool = await Gather.AllAsync(Enumerable.Range(0, 10), new() { MaxConcurrency = 2, RateLimiter = limiter }, static (item, token) =>
            Task.FromResult(Thread.CurrentThread.IsThreadPoolThread), TestToken).WaitAsync(Guard, TestToken);

        Assert.DoesNotContain(false, onPool);
    }

    [Fact]
    public async Task A_lease_is_held_until_its_item_has_ended()
    {
        using var limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 2, QueueLimit = 8, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        int inside = 0;
        int most = 0;
        await Gather.ForEachAsync(Enumerable.Range(0, 200), new() { MaxConcurrency = 8, RateLimiter = limiter }, async (item, token) =>
        {
            int now = Interlocked.Increment(ref inside);
            lock (limiter)
            {
                most = Math.Max(most, now);
            }

            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.InRange(most, 1, 2);
        Assert.Equal(2, limiter.GetStatistics()!.CurrentAvailablePermits);
    }

    [Fact]
    public async Task A_limiter_whose_queue_is_full_is_named()
    {
        var clock = new FakeTimeProvider();
        using var limiter = new ClockedLimiter(clock, 2, TimeSpan.FromSeconds(1), queueLimit: 0);
        Task<int[]> call = Gather.AllAsync(Enumerable.Range(0, 5), new() { MaxConcurrency = 1, RateLimiter = limiter }, static (item, token) => Task.FromResult(item), TestToken);

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => call.WaitAsync(Guard, TestToken));
        Assert.Equal($"Item 2 was refused by the rate limiter {typeof(ClockedLimiter)} (the queue is full): its queue must have room for as many waiters as items may be under way at once.", thrown.Message);
        Assert.Equal(0, limiter.OpenLeases);
    }

    [Theory, InlineData("throws"), InlineData("fails"), InlineData("several"), InlineData("succeeds")]
    public async Task Leases_are_disposed_however_the_item_ends(string how)
    {
        using var limiter = new ClockedLimiter(new FakeTimeProvider(), 10, TimeSpan.FromSeconds(1));
        var first = new IOException("first");
        var second = new IOException("second");
        Task<int[]> call = Gather.AllAsync([0], new() { RateLimiter = limiter }, (item, token) => how switch
        {
            "throws" => throw first,
            "fails" => Task.FromException<int>(first),
            "several" => Task.WhenAll(Task.FromException<int>(first), Task.FromException<int>(second)).ContinueWith(static both => both.Exception is { } all ? Faulted(all.InnerExceptions) : Task.FromResult(0), TaskScheduler.Default).Unwrap(),
            _ => Task.FromResult(item),
        }, TestToken);
        await call.ContinueWith(static _ => { }, TestToken, TaskContinuationOptions.None, TaskScheduler.Default).WaitAsync(Guard, TestToken);

        Exception[] expected = how switch { "succeeds" => [], "several" => [first, second], _ => [first] };
        Assert.Equal(expected, call.Exception?.InnerExceptions ?? []);
        Assert.Equal(1, limiter.Given);
        Assert.Equal(0, limiter.OpenLeases);

        static Task<int> Faulted(IEnumerable<Exception> failures)
        {
            var task = new TaskCompletionSource<int>();
            task.SetException(failures);
            return task.Task;
        }
    }

    [Fact]
    public Task Waiting_for_a_permit_ends_with_the_callers_cancellation() => VirtualTime.RunAsync(async time =>
    {
        using var cancellation = new CancellationTokenSource(Second / 2, time.Provider);
        using var limiter = new ClockedLimiter(time.Provider, 1, Second);
        Task<int[]> call = Gather.AllAsync(Enumerable.Range(0, 4), new() { RateLimiter = limiter }, static (item, token) => Task.FromResult(item), cancellation.Token);

        Assert.Equal(cancellation.Token, (await call.Cancellation()).CancellationToken);
        Assert.Equal(3, limiter.Waiting);
        Assert.Equal(0, limiter.OpenLeases);
    }, TestToken);

    [Fact]
    public Task A_partitioned_limiter_keeps_each_host_to_its_own_rate() => VirtualTime.RunAsync(async time =>
    {
        using ClockedLimiter one = new(time.Provider, 3, Second);
        using ClockedLimiter two = new(time.Provider, 5, Second);
        using var limiter = PartitionedRateLimiter.Create<Uri, string>(uri => RateLimitPartition.Get(uri.Host, host => host == "one" ? one : two));
        Uri[] uris = [.. Enumerable.Range(0, 12).Select(static index => new Uri($"http://{(index % 2 == 0 ? "one" : "two")}/{index}"))];
        var options = new GatherOptions<Uri> { MaxConcurrency = 12, PartitionedRateLimiter = limiter };

        (string, double)[] starts = await Gather.AllAsync(uris, options, (uri, _) => Task.FromResult((uri.Host, time.Elapsed.TotalSeconds)));

        Assert.Equal(
            new Dictionary<(string, double), int> { [("one", 0)] = 3, [("one", 1)] = 3, [("two", 0)] = 5, [("two", 1)] = 1 },
            starts.CountBy(static start => start).ToDictionary());
        Assert.Equal(0, one.OpenLeases + two.OpenLeases);
    }, TestToken);

    [Fact]
    public Task An_item_waits_for_its_own_kind_before_it_takes_a_permit_of_all() => VirtualTime.RunAsync(async time =>
    {
        using ClockedLimiter own = new(time.Provider, 1, Second);
        using ClockedLimiter all = new(time.Provider, 100, Second);
        using var partitions = PartitionedRateLimiter.Create<int, int>(_ => RateLimitPartition.Get(0, _ => own));
        Task call = Gather.ForEachAsync([0, 1, 2], new GatherOptions<int> { MaxConcurrency = 3, RateLimiter = all, PartitionedRateLimiter = partitions }, static (item, token) => Task.CompletedTask);

        await time.SettleAsync();
        Assert.Equal(1, all.Given);
        await time.AdvanceAsync(Second);
        Assert.Equal(2, all.Given);
        await call;
    }, TestToken);

    [Fact]
    public async Task A_permit_that_comes_after_the_cancellation_starts_nothing_and_is_given_back()
    {
        using var cancellation = new CancellationTokenSource();
        using var limiter = new HeedlessLimiter();
        int started = 0;
        Task call = Gather.ForEachAsync([0], new() { MaxConcurrency = 1, RateLimiter = limiter }, (item, token) => Task.FromResult(++started), cancellation.Token);

        await limiter.Asked.WaitAsync(Guard, TestToken);
        await cancellation.CancelAsync();
        limiter.Grant();

        Assert.Equal(cancellation.Token, (await call.Cancellation()).CancellationToken);
        Assert.Equal(0, started);
        Assert.True(limiter.IsGivenBack);
    }

    // Has no eye for the token of whoever waits.
    private sealed class HeedlessLimiter : RateLimiter
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<RateLimitLease> _lease = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override TimeSpan? IdleDuration => null;

        public Task Asked => _asked.Task;

        public bool IsGivenBack { get; private set; }

        public void Grant() => _lease.SetResult(new Lease(this));

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
        {
            _asked.SetResult();
            return new ValueTask<RateLimitLease>(_lease.Task);
        }

        private sealed class Lease(HeedlessLimiter owner) : RateLimitLease
        {
            public override bool IsAcquired => true;

            public override IEnumerable<string> MetadataNames => [];

            public override bool TryGetMetadata(string metadataName, out object? metadata)
            {
                metadata = null;
                return false;
            }

            protected override void Dispose(bool disposing)
            {
                owner.IsGivenBack = true;
                base.Dispose(disposing);
            }
        }
    }

    /// <summary>Gives each permit from a thread of its own.</summary>
    private sealed class ThreadLimiter : RateLimiter
    {
        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
        {
            var permit = new TaskCompletionSource<RateLimitLease>();
            new Thread(() => permit.SetResult(new Free())).Start();
            return new ValueTask<RateLimitLease>(permit.Task);
        }

        private sealed class Free : RateLimitLease
        {
            public override bool IsAcquired => true;

            public override IEnumerable<string> MetadataNames => [];

            public override bool TryGetMetadata(string metadataName, out object? metadata)
            {
                metadata = null;
                return false;
            }
        }
    }
}
