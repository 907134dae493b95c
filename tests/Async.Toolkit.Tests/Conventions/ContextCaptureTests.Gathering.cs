using System.Threading.RateLimiting;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Async.Toolkit.Tests.Conventions;

public sealed partial class ContextCaptureTests
{
    private static readonly int[] Items = [1, 2, 3];

    private static readonly Dictionary<string, Func<WatchedContext, Task>> GatherCalls = new()
    {
        ["AllAsync"] = context => context.Enter(() => Gather.AllAsync(Items, (item, _) => context.Suspend(item))),
        ["AllAsync of a tuple"] = context => context.Enter(() => Gather.AllAsync(_ => context.Suspend(1), _ => context.Suspend("2"))),
        ["SettledAsync"] = context => context.Enter(() => Gather.SettledAsync(Items, 2, (item, _) => context.Suspend(item))),
        ["FirstSuccessAsync"] = context => context.Enter(() => Gather.FirstSuccessAsync(Items, 2, (item, _) => context.Suspend(item))),
        ["FirstSuccessesAsync"] = context => context.Enter(() => Gather.FirstSuccessesAsync(Items, 3, 2, (item, _) => context.Suspend(item))),
        ["ForEachAsync"] = context => context.Enter(() => Gather.ForEachAsync(Items, 2, (_, _) => context.Suspend())),
        ["StreamAsync in the order of the source"] = context => context.Loop(Gather.StreamAsync(Items, 2, (item, _) => context.Suspend(item))),
        ["StreamAsync in the order of completion"] = context => context.Loop(Gather.StreamAsync(Items, 1, StreamOrder.Completion, (item, _) => context.Suspend(item))),
        ["a stream that is left while an item runs"] = context =>
        {
            var release = new Gate();
            return context.Loop(
                Gather.StreamAsync(Items, 2, async (item, _) =>
                {
                    await (item == 1 ? Task.CompletedTask : release.Opened).ConfigureAwait(false);
                    return item;
                }),
                mostSteps: 1,
                left: release.Open);
        },
        ["a stream whose last results nobody takes"] = async context =>
        {
            var source = new Source(context) { MovesAtOnce = true, IsDisposedAtOnce = true };
            IAsyncEnumerator<Result> steps = Gather.StreamAsync(source, new GatherOptions { MaxConcurrency = 4, DisposeDiscarded = true }, (_, _) => new ValueTask<Result>(new Result(context))).GetAsyncEnumerator();
            await steps.MoveNextAsync().ConfigureAwait(false);

            // The source is disposed once all items have ended; the stream a little later, so that it is over when it is left.
            await source.IsDisposed.Reached().ConfigureAwait(false);
            await context.Suspend().ConfigureAwait(false);
            await context.Enter(() => steps.DisposeAsync().AsTask()).ConfigureAwait(false);
        },
        ["a source"] = context => context.Enter(() => Gather.ForEachAsync(new Source(context), 2, (_, _) => ValueTask.CompletedTask)),
        ["results that nobody gets"] = context => context.Enter(() => Gather.AllAsync(
            new Source(context) { IsDisposedAtOnce = true },
            new GatherOptions { MaxConcurrency = 1, DisposeDiscarded = true },
            (item, _) => item == 2 ? Task.FromException<Result>(new InvalidOperationException()) : Task.FromResult(new Result(context)))).Failures(),
        ["results that nobody gets after a cancellation"] = async context =>
        {
            using var caller = new CancellationTokenSource();
            var source = new Source(context) { IsDisposedAtOnce = true, BeforeSecondMove = caller.Cancel };
            await context.Enter(() => Gather.AllAsync(source, new GatherOptions { MaxConcurrency = 1, DisposeDiscarded = true }, (_, _) => Task.FromResult(new Result(context)), caller.Token)).Cancellation().ConfigureAwait(false);
        },
        ["limiters"] = context => context.Enter(() => Gather.ForEachAsync(Items, Limited(context), (_, _) => context.Suspend())),
        ["limiters whose waits are measured"] = async context =>
        {
            using var metrics = new MetricRecorder();
            await context.Enter(() => Gather.ForEachAsync(Items, Limited(context), (_, _) => context.Suspend())).ConfigureAwait(false);
        },
        ["items with a time limit"] = context => context.Enter(() => Gather.ForEachAsync(Items, new GatherOptions { MaxConcurrency = 2, ItemTimeout = Hour }, (_, _) => context.Suspend())),
        ["an item that has ended before the callbacks of its time limit"] = context =>
        {
            var clock = new FakeTimeProvider();
            var inCallback = new ManualResetEventSlim();
            var hold = new ManualResetEventSlim();
            return context.Enter(() => Gather.ForEachAsync(Items[..1], new GatherOptions { MaxConcurrency = 1, ItemTimeout = Hour, TimeProvider = clock }, (item, token) =>
            {
                token.Register(() =>
                {
                    inCallback.Set();
                    hold.Wait(TimeSpan.FromSeconds(30));
                });
                clock.Advance(Hour);
                inCallback.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
                _ = context.Suspend().ContinueWith(_ => hold.Set(), TaskScheduler.Default);
                return ValueTask.CompletedTask;
            }));
        },
    };

    private static GatherOptions<int> Limited(WatchedContext context) =>
        new() { MaxConcurrency = 2, RateLimiter = new Limiter(context), PartitionedRateLimiter = new Partitions(context) };

    /// <summary>Three items, and a disposal, that come later.</summary>
    private sealed class Source(WatchedContext context) : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public bool MovesAtOnce { get; init; }

        public bool IsDisposedAtOnce { get; init; }

        public Action? BeforeSecondMove { get; init; }

        public Gate IsDisposed { get; } = new();

        public int Current { get; private set; }

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            bool moves = ++Current <= 3;
            if (Current == 2)
            {
                BeforeSecondMove?.Invoke();
            }

            return MovesAtOnce ? context.Leave(new ValueTask<bool>(moves)) : new ValueTask<bool>(context.Suspend(moves));
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed.Open();
            return IsDisposedAtOnce ? context.Leave(ValueTask.CompletedTask) : new ValueTask(context.Suspend());
        }
    }

    private sealed class Result(WatchedContext context) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(context.Suspend());
    }

    private sealed class Limiter(WatchedContext context) : RateLimiter
    {
        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(context.Suspend<RateLimitLease>(new Lease()));
    }

    private sealed class Partitions(WatchedContext context) : PartitionedRateLimiter<int>
    {
        public override RateLimiterStatistics? GetStatistics(int resource) => null;

        protected override RateLimitLease AttemptAcquireCore(int resource, int permitCount) => throw new NotSupportedException();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int resource, int permitCount, CancellationToken cancellationToken) => new(context.Suspend<RateLimitLease>(new Lease()));
    }

    private sealed class Lease : RateLimitLease
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
