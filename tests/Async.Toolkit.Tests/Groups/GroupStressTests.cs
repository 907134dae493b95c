using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>Thousands of small groups on real threads; what must hold whatever happens is checked after each.</summary>
public sealed class GroupStressTests
{
    private const int GroupsPerSeed = 4_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Whatever_happens_nothing_is_lost_and_nothing_is_left_behind(int seed)
    {
        // Four at a time, so that their children meet on the pool.
        for (int i = 0; i < GroupsPerSeed; i += 4)
        {
            await Task.WhenAll(Enumerable.Range(i, 4).Select(n => new RandomGroup((seed * 1_000_003) + n).Check())).Guarded();
        }
    }

    /// <summary>One group whose shape, children and troubles follow from a seed.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "The sources may still be canceled by the pool when the group has ended.")]
    private sealed class RandomGroup(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly Lock _gate = new();
        private readonly List<Exception> _thrown = [];
        private readonly List<Exception> _told = [];
        private readonly List<Task> _handles = [];
        private readonly CancellationTokenSource _caller = new();
        private readonly CancellationTokenSource _own = new();
        private TaskGroupOptions _options = new();
        private int _started;
        private int _ended;
        private int _running;
        private int _most;
        private TaskGroup? _group;

        public async Task Check()
        {
            _options = new TaskGroupOptions
            {
                Name = $"seed {seed}",
                FailurePolicy = (FailurePolicy)Next(3),
                MaxConcurrency = Next(2) == 0 ? null : 1 + Next(4),
                Timeout = Next(4) == 0 ? TimeSpan.FromMilliseconds(Next(3)) : Timeout.InfiniteTimeSpan,
                ChildFailed = Next(3) == 0 ? null : Told,
                IsCancellation = Next(2) == 0 ? null : static failure => failure is TimeZoneNotFoundException,
            };
            Task<int> run = TaskGroup.RunAsync(_options, BodyAsync, _caller.Token);
            if (Next(3) == 0)
            {
                ThreadPool.QueueUserWorkItem(_ => _caller.Cancel());
            }

            if (Next(6) == 0)
            {
                ThreadPool.QueueUserWorkItem(_ => _own.Cancel());
            }

            await run.Ended();
            AssertNothingIsLeft();
            AssertOutcome(run);
        }

        private async ValueTask<int> BodyAsync(TaskGroup group)
        {
            _group = group;
            int children = Next(12);
            for (int i = 0; i < children; i++)
            {
                Add(group, depth: 0);
                if (Next(8) == 0)
                {
                    await Task.Yield();
                }
            }

            switch (Next(12))
            {
                case 0:
                    throw Remember(new IOException($"body {seed}"));
                case 1:
                    group.Cancel();
                    break;
                case 2:
                    await Task.Yield();
                    group.CancellationToken.ThrowIfCancellationRequested();
                    break;
                case 3:
                    group.CancellationToken.Register(() => throw Remember(new InvalidTimeZoneException($"callback {seed}")));
                    break;
            }

            return seed;
        }

        private void Add(TaskGroup group, int depth)
        {
            int kind = Next(16);
            int yields = Next(4);
            ChildOptions? options = Next(5) == 0 ? new ChildOptions { CancellationToken = _own.Token } : null;
            Func<CancellationToken, Task> child = kind == 8 ? FailTwice : ct => ChildAsync(group, kind, yields, depth, ct);
            if (options is null && Next(3) == 0)
            {
                group.Start(child);
                return;
            }

            Task handle = options is null ? group.Run(child) : group.Run(options, child);
            lock (_gate)
            {
                _handles.Add(handle);
            }
        }

        private Task FailTwice(CancellationToken token) =>
            Task.WhenAll(Task.FromException(Remember(new FormatException("one"))), Task.FromException(Remember(new FormatException("two"))));

        private async Task ChildAsync(TaskGroup group, int kind, int yields, int depth, CancellationToken token)
        {
            Interlocked.Increment(ref _started);
            int now = Interlocked.Increment(ref _running);
            lock (_gate)
            {
                _most = Math.Max(_most, now);
            }

            try
            {
                for (int i = 0; i < yields; i++)
                {
                    await Task.Yield();
                }

                switch (kind)
                {
                    case 0:
                        throw Remember(new IOException($"child {seed}"));
                    case 1:
                        group.Cancel();
                        break;
                    case 2:
                        token.ThrowIfCancellationRequested();
                        break;
                    case 3:
                        throw Remember(new OperationCanceledException($"foreign {seed}"));
                    case 4 when depth < 2:
                        Add(group, depth + 1);
                        break;
                    case 5:
                        await TaskGroup.RunAsync(async inner => await inner.Run(async _ => await Task.Yield()), token);
                        break;
                    case 6 when _caller.IsCancellationRequested:
                        await token.UntilCanceled();
                        break;
                    case 7:
                        throw Remember(new TimeZoneNotFoundException($"looks like a cancellation {seed}"));
                }
            }
            finally
            {
                Interlocked.Decrement(ref _running);
                Interlocked.Increment(ref _ended);
            }
        }

        private void AssertNothingIsLeft()
        {
            Assert.Equal(_started, _ended);
            Assert.All(_handles, handle => Assert.True(handle.IsCompleted, $"seed {seed}: a child's task is left behind"));
            Assert.True(_most <= (_options.MaxConcurrency ?? int.MaxValue), $"seed {seed}: {_most} at once");
            if (_group is not null)
            {
                Assert.Throws<InvalidOperationException>(() => _group.Start(_ => ValueTask.CompletedTask));
            }
        }

        private void AssertOutcome(Task<int> run)
        {
            string at = $"seed {seed}, {_options.FailurePolicy}, {run.Status}, {_group?.CancellationReason}";
            Exception[] failures = [.. run.Exception?.InnerExceptions ?? []];
            Assert.True(failures.Distinct(ReferenceEqualityComparer.Instance).Count() == failures.Length, $"{at}: an object twice");
            Assert.True(failures.All(failure => failure is not OperationCanceledException), $"{at}: a cancellation among the failures");

            // Each failure that was thrown is somewhere, the very object, or inside the exception that names it a foreign cancellation.
            List<Exception> somewhere = [.. failures, .. _told, .. _handles.SelectMany(handle => handle.Exception?.InnerExceptions ?? [])];
            foreach (Exception thrown in _thrown)
            {
                bool mayBeACancellation = _group!.CancellationReason != CancellationReason.None || _own.IsCancellationRequested;
                Assert.True(
                    somewhere.Any(seen => seen == thrown || (seen is ChildCanceledException && seen.InnerException == thrown))
                        || (mayBeACancellation && (thrown is OperationCanceledException || (thrown is TimeZoneNotFoundException && _options.IsCancellation is not null))),
                    $"{at}: lost {thrown.GetType().Name} ({thrown.Message})");
            }

            // And nothing is among the failures that nobody threw.
            foreach (Exception failure in failures)
            {
                Assert.True(
                    _thrown.Contains(failure) || failure is TimeoutException || (failure is ChildCanceledException && failure.InnerException is OperationCanceledException),
                    $"{at}: invented {failure}");
            }

            switch (run.Status)
            {
                case TaskStatus.RanToCompletion:
                    Assert.Equal(seed, run.Result);
                    Assert.True(_options.FailurePolicy == FailurePolicy.Isolate || _handles.TrueForAll(handle => !handle.IsFaulted), $"{at}: a failure read as success");
                    break;
                case TaskStatus.Canceled:
                    CancellationToken token = Assert.ThrowsAny<OperationCanceledException>(() => { run.GetAwaiter().GetResult(); }).CancellationToken;
                    bool byCaller = _group is null || _group.CancellationReason == CancellationReason.Caller;
                    Assert.True(token == (byCaller ? _caller.Token : _group!.CancellationToken), $"{at}: the wrong token");
                    Assert.True(byCaller || _group!.CancellationReason == CancellationReason.Requested, $"{at}: canceled by nobody");
                    break;
                default:
                    bool timedOut = _group is null || _group.CancellationReason == CancellationReason.Timeout;
                    Assert.True(timedOut == (failures[^1] is TimeoutException), $"{at}: a time limit is claimed wrongly");
                    break;
            }
        }

        private void Told(ChildFailure failure)
        {
            lock (_gate)
            {
                _told.AddRange(failure.Exceptions);
            }
        }

        private T Remember<T>(T failure)
            where T : Exception
        {
            lock (_gate)
            {
                _thrown.Add(failure);
                return failure;
            }
        }

        private int Next(int below)
        {
            lock (_gate)
            {
                return _random.Next(below);
            }
        }
    }
}
