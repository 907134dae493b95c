using System.Runtime.InteropServices;
using Async.Toolkit.Internal;
using Async.Toolkit.Running;
using Async.Toolkit.Tests.Pages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>One piece of work for each log message, in which the library has to report it. Each says how its work ended.</summary>
internal sealed class LogScenarios(ILogger? logger, ILoggerFactory? factory = null, string name = "observed")
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new();

    public static readonly IReadOnlyDictionary<int, Func<LogScenarios, Task<string>>> ByEvent = new SortedDictionary<int, Func<LogScenarios, Task<string>>>
    {
        [1] = static scenario => scenario.GroupFails(),
        [2] = static scenario => scenario.IsolatedChildFails(),
        [3] = static scenario => scenario.ChildIgnoresCancellation(),
        [4] = static scenario => scenario.NobodyJoins(),
        [10] = static scenario => scenario.OperationIsLeftBehind(fails: false),
        [11] = static scenario => scenario.OperationIsLeftBehind(fails: true),
        [12] = static scenario => scenario.CallbackOfScopeFails(),
        [20] = static scenario => scenario.SignalsStopProgram(1),
        [21] = static scenario => scenario.SignalsStopProgram(2),
        [22] = static scenario => scenario.LateCallback(fails: false),
        [23] = static scenario => scenario.LateCallback(fails: true),
        [24] = static scenario => scenario.LoopFailsTwice(),
        [30] = static scenario => scenario.AttemptFails(),
        [31] = static scenario => scenario.ProgressFails(),
        [40] = static scenario => scenario.PageAheadFails(),
        [41] = static scenario => scenario.FetchFailsTwice(),
        [42] = static scenario => scenario.PageBehindEndFails(),
    };

    private TaskGroupOptions Group => new() { Name = name, Logger = logger, LoggerFactory = factory, TimeProvider = _clock };

    private AsyncTimeoutOptions Timed => new() { Name = name, Timeout = Limit, Logger = logger, LoggerFactory = factory, TimeProvider = _clock };

    private static InvalidDataException Failure => new("what failed");

    private static async Task<string> EndOf(Task work)
    {
        await work.Ended();
        return work.Exception is { } failures
            ? $"failed: {string.Join(", ", failures.InnerExceptions.Select(static failure => failure.GetType().Name))}"
            : work.IsCanceled ? "canceled" : "succeeded";
    }

    private Task<string> GroupFails() =>
        EndOf(TaskGroup.RunAsync(Group, static group => group.Run(static _ => Task.FromException(Failure)), Cancel));

    private Task<string> IsolatedChildFails() =>
        EndOf(TaskGroup.RunAsync(
            new TaskGroupOptions { Name = name, FailurePolicy = FailurePolicy.Isolate, Logger = logger, LoggerFactory = factory, ChildFailed = static _ => { } },
            static group =>
            {
                group.Start(static _ => Task.FromException(Failure));
                return Task.CompletedTask;
            },
            Cancel));

    private async Task<string> ChildIgnoresCancellation()
    {
        var running = new Gate();
        var finish = new Gate();
        Task work = TaskGroup.RunAsync(
            Group,
            async group =>
            {
                group.Start(async _ =>
                {
                    running.Open();
                    await finish.Opened;
                });
                await running.Opened;
                group.Cancel();
                _clock.Advance(Group.CancellationWarningDelay);
                finish.Open();
            },
            Cancel);
        return await EndOf(work);
    }

    private async Task<string> NobodyJoins()
    {
        TaskGroup group = TaskGroup.Open(Group, Cancel);
        await group.Run(static _ => Task.FromException(Failure)).Ended();
        return await EndOf(group.DisposeAsync().AsTask());
    }

    private async Task<string> OperationIsLeftBehind(bool fails)
    {
        var deaf = new TaskCompletionSource();
        var options = new AsyncTimeoutOptions { Name = name, Timeout = Limit, AbandonAfter = Limit, Logger = logger, LoggerFactory = factory, TimeProvider = _clock };
        Task work = AsyncTimeout.RunAsync(options, _ => deaf.Task, Cancel);
        _clock.Advance(Limit);
        _clock.Advance(Limit);
        string end = await EndOf(work);

        // On a thread without a context the library learns of it before the call returns.
        await Task.Run(() => _ = fails ? deaf.TrySetException(Failure) : deaf.TrySetResult(), Cancel);
        return end;
    }

    private async Task<string> CallbackOfScopeFails()
    {
        var limit = new AsyncTimeout(Timed, Cancel);
        limit.Token.Register(static () => throw Failure);
        _clock.Advance(Limit);
        return await EndOf(limit.DisposeAsync().AsTask());
    }

    private async Task<string> SignalsStopProgram(int signals)
    {
        var exits = new List<int>();
        var stopped = new Gate();
        var app = new AppRun(new() { Name = name, Error = TextWriter.Null, TimeProvider = _clock, Logger = logger, LoggerFactory = factory }, exits.Add);
        Task<int> work = app.RunAsync(new ZeroOnSuccess<TaskOperation<CancellationToken>>(new(_ => stopped.Opened)), Cancel);
        for (int i = 0; i < signals; i++)
        {
            Assert.True(app.OnSignal(PosixSignal.SIGTERM));
        }

        stopped.Open();
        return $"{await EndOf(work)}, exits: {string.Join(", ", exits)}";
    }

    private async Task<string> LateCallback(bool fails)
    {
        EventLoop? loop = null;
        EventLoop.Run(
            new() { Name = name, Logger = logger, LoggerFactory = factory },
            _ =>
            {
                loop = EventLoop.Current;
                return Task.CompletedTask;
            },
            Cancel);
        var called = new Gate();
        loop!.Post(() =>
        {
            called.Open();
            if (fails)
            {
                throw Failure;
            }
        });
        await called.Reached();
        return "called";
    }

    private Task<string> LoopFailsTwice() =>
        EndOf(Task.Run(
            () => EventLoop.Run(new() { Name = name, Logger = logger, LoggerFactory = factory }, static _ => Task.WhenAll(Task.FromException(Failure), Task.FromException(new NotSupportedException())), Cancel),
            Cancel));

    private Task<string> AttemptFails() =>
        EndOf(Gather.FirstSuccessAsync(
            [1, 2],
            new GatherOptions { Name = name, MaxConcurrency = 1, Logger = logger, LoggerFactory = factory },
            static (item, _) => item == 1 ? Task.FromException<int>(Failure) : Task.FromResult(item),
            Cancel));

    private Task<string> ProgressFails() =>
        EndOf(Gather.AllAsync(
            [1, 2],
            new GatherOptions { Name = name, MaxConcurrency = 1, Progress = new BrokenProgress(), Logger = logger, LoggerFactory = factory },
            static (item, _) => Task.FromResult(item),
            Cancel));

    private Task<string> PageAheadFails()
    {
        var failed = new Gate();
        var server = PageServer.Of(3, onFetch: (page, _) =>
        {
            if (page == 0)
            {
                return Task.CompletedTask;
            }

            failed.Open();
            throw Failure;
        });
        return EndOf(Logged(Styles.ByCursor(server).Prefetch(1)).LoopWhile(async _ =>
        {
            await failed.Reached();
            return false;
        }));
    }

    private Task<string> FetchFailsTwice() =>
        EndOf(Logged(Paging.ByCursor<int>(static (_, _) =>
        {
            var several = new TaskCompletionSource<CursorPage<int>>();
            several.SetException([Failure, new NotSupportedException()]);
            return several.Task;
        })).Loop());

    // The only page tells that it is the last one when the page behind it has failed.
    private Task<string> PageBehindEndFails()
    {
        var refused = new Gate();
        var server = PageServer.Of(1, onFetch: async (page, _) =>
        {
            if (page > 0)
            {
                refused.Open();
                throw Failure;
            }

            await refused.Opened;
        });
        return EndOf(Logged(Styles.ByPageNumber(server).Concurrency(2)).Loop());
    }

    private PageSequence<int> Logged(PageSequence<int> sequence) =>
        logger is not null ? sequence.LogTo(logger) : factory is not null ? sequence.LogTo(factory) : sequence;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private sealed class BrokenProgress : IProgress<GatherProgress>
    {
        public void Report(GatherProgress value) => throw Failure;
    }
}
