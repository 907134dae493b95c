using System.Collections;
using System.Threading.RateLimiting;
using Async.Toolkit.Tests.Diagnostics;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>What the code of others leaves on the thread that called it. None of it is an async method, which would clean up after itself.</summary>
[Collection(Listeners.Name)]
public sealed class LeftOnThreadTests
{
    private static readonly AsyncLocal<string?> Local = new();
    private readonly PostContext _context;
    private int _posts;

    public LeftOnThreadTests() =>
        _context = new PostContext((callback, state) =>
        {
            Interlocked.Increment(ref _posts);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        });

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_and_source_see_nothing_of_each_other()
    {
        var seen = new List<(string?, bool)>();
        int[] results = await Gather.AllAsync(Source(), maxConcurrency: 1, (item, _) =>
        {
            Leave("item");
            return item % 2 == 0 ? Task.FromResult(item) : Task.Run(() => item);
        }, TestToken).Guarded();

        Assert.Equal(Enumerable.Range(0, 20), results);
        Assert.Equal(Enumerable.Repeat(((string?)null, false), 41), seen);

        // An iterator runs on the thread of whoever asks it.
        IEnumerable<int> Source()
        {
            for (int item = 0; item < 20; item++)
            {
                Leave("source");
                yield return item;
            }

            Leave("end");
        }

        void Leave(string what)
        {
            seen.Add((Local.Value, SynchronizationContext.Current is not null));
            Local.Value = what;
            SynchronizationContext.SetSynchronizationContext(_context);
        }
    }

    [Fact]
    public async Task A_context_that_a_source_leaves_is_posted_nothing()
    {
        await Gather.ForEachAsync(new Leaving(LeaveContext), maxConcurrency: 2, static (_, _) => Task.CompletedTask, TestToken).Guarded();
        Assert.Equal(0, _posts);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_context_that_a_limiter_leaves_is_posted_nothing(bool isTimed)
    {
        using MetricRecorder? metrics = isTimed ? new MetricRecorder() : null;
        using var limiter = new LeavingLimiter(LeaveContext);
        using var partitions = PartitionedRateLimiter.Create<int, int>(_ => RateLimitPartition.Get(0, _ => limiter));
        await Gather.ForEachAsync([0, 1, 2], new GatherOptions<int> { MaxConcurrency = 2, PartitionedRateLimiter = partitions }, static (_, _) => Task.CompletedTask, TestToken).Guarded();
        await Gather.ForEachAsync([0, 1, 2], new GatherOptions { MaxConcurrency = 2, RateLimiter = limiter }, static (_, _) => Task.CompletedTask, TestToken).Guarded();

        Assert.Equal(0, _posts);
    }

    [Fact]
    public async Task A_context_that_a_result_or_the_end_of_the_source_leaves_is_posted_nothing()
    {
        Task<Result[]> call = Gather.AllAsync(new LeavingAtEnd(LeaveContext), new() { MaxConcurrency = 1, DisposeDiscarded = true }, (item, _) =>
            item == 2 ? Task.FromException<Result>(new IOException()) : Task.FromResult(new Result(LeaveContext)), TestToken);

        await call.OnlyFailure();
        Assert.Equal(0, _posts);
    }

    private void LeaveContext() => SynchronizationContext.SetSynchronizationContext(_context);

    private static async Task Later() => await Task.Run(static async () => await Task.Yield()).ConfigureAwait(false);

    private sealed class Leaving(Action leave) : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public int Current { get; private set; }

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            leave();
            return new(Later().ContinueWith(_ => ++Current < 5, TaskScheduler.Default));
        }

        public ValueTask DisposeAsync()
        {
            leave();
            return new(Later());
        }
    }

    private sealed class LeavingAtEnd(Action leave) : IEnumerable<int>, IEnumerator<int>
    {
        public int Current { get; private set; } = -1;

        object IEnumerator.Current => Current;

        public IEnumerator<int> GetEnumerator() => this;

        IEnumerator IEnumerable.GetEnumerator() => this;

        public bool MoveNext() => ++Current < 3;

        public void Reset() => throw new NotSupportedException();

        public void Dispose() => leave();
    }

    private sealed class Result(Action leave) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            leave();
            return new(Later());
        }
    }

    private sealed class LeavingLimiter(Action leave) : RateLimiter
    {
        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
        {
            leave();
            return new(Later().ContinueWith(static RateLimitLease (_) => new Free(), TaskScheduler.Default));
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
