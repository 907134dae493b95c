using System.Threading.RateLimiting;
using System.Threading.Tasks.Sources;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>Limiters that do not behave as the ones everybody knows.</summary>
public sealed class LimiterFaultTests
{
    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refusal_tells_when_to_try_again_if_the_limiter_says_so()
    {
        using var limiter = new OwnLimiter(static () => new(new OwnLease { IsGranted = false, RetryAfter = TimeSpan.FromSeconds(7) }));
        Task call = Gather.ForEachAsync([0], new() { MaxConcurrency = 1, RateLimiter = limiter }, static (_, _) => Task.CompletedTask, TestToken);

        Assert.Equal(
            $"Item 0 was refused by the rate limiter {typeof(OwnLimiter)}: its queue must have room for as many waiters as items may be under way at once. It said to try again after 00:00:07.",
            (await call.OnlyFailure()).Message);
    }

    [Fact]
    public async Task A_refusal_by_the_limiter_of_a_partition_names_it()
    {
        using var own = new OwnLimiter(static () => new(new OwnLease { IsGranted = false }));
        using var partitions = PartitionedRateLimiter.Create<int, int>(_ => RateLimitPartition.Get(0, _ => own));
        int started = 0;
        Task call = Gather.ForEachAsync([0], new GatherOptions<int> { MaxConcurrency = 1, PartitionedRateLimiter = partitions }, (_, _) => Task.FromResult(++started), TestToken);

        Assert.Equal(
            $"Item 0 was refused by the rate limiter {partitions.GetType()}: its queue must have room for as many waiters as items may be under way at once.",
            (await call.OnlyFailure()).Message);
        Assert.Equal(0, started);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_lease_that_cannot_be_given_back_fails_the_item_after_its_own_failure(bool fails)
    {
        var failure = new IOException("the item failed");
        var broken = new NotSupportedException("this lease stays");
        using var limiter = new OwnLimiter(() => new(new OwnLease { OnDispose = () => throw broken }));
        Task call = Gather.ForEachAsync([0], new() { MaxConcurrency = 1, RateLimiter = limiter }, (_, _) => fails ? throw failure : Task.CompletedTask, TestToken);

        Assert.Equal(fails ? [failure, broken] : [broken], await call.Failures());
    }

    [Fact]
    public async Task An_item_behind_a_limiter_gives_its_result_whenever_it_comes()
    {
        using var limiter = new OwnLimiter(static () => new(new OwnLease()));
        int[] results = await Gather.AllAsync([1, 2, 3], new() { MaxConcurrency = 2, RateLimiter = limiter }, static async (item, token) =>
        {
            await Task.Yield();
            return item;
        }, TestToken).Guarded();

        Assert.Equal([1, 2, 3], results);
    }

    [Fact]
    public async Task An_item_never_runs_on_the_thread_that_gave_the_permit()
    {
        using var limiter = new OwnLimiter(static () => new(new OwnThreadPermit(), 0));
        bool[] onPool = await Gather.AllAsync([0, 1, 2], new() { MaxConcurrency = 2, RateLimiter = limiter }, static (_, _) =>
            Task.FromResult(Thread.CurrentThread.IsThreadPoolThread), TestToken).Guarded();

        Assert.Equal([true, true, true], onPool);
    }

    private sealed class OwnLimiter(Func<ValueTask<RateLimitLease>> acquire) : RateLimiter
    {
        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => acquire();
    }

    private sealed class OwnLease : RateLimitLease
    {
        public bool IsGranted { get; init; } = true;

        public TimeSpan? RetryAfter { get; init; }

        public Action? OnDispose { get; init; }

        public override bool IsAcquired => IsGranted;

        public override IEnumerable<string> MetadataNames => RetryAfter is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = RetryAfter;
            return RetryAfter is not null && metadataName == MetadataName.RetryAfter.Name;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            OnDispose?.Invoke();
        }
    }

    /// <summary>Granted by a thread of its own, on which it runs whatever waits.</summary>
    private sealed class OwnThreadPermit : IValueTaskSource<RateLimitLease>
    {
        private int _isGranted;

        public RateLimitLease GetResult(short token) => new OwnLease();

        public ValueTaskSourceStatus GetStatus(short token) => Volatile.Read(ref _isGranted) == 1 ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            new Thread(() =>
            {
                Volatile.Write(ref _isGranted, 1);
                continuation(state);
            })
            { IsBackground = true }.Start();
    }
}
