using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Running;

/// <summary>Failures and cancellations, and who gets to see them.</summary>
public sealed class EventLoopFailureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Mains_failure_is_thrown_itself_with_the_stack_of_where_it_happened()
    {
        var thrown = Assert.Throws<InvalidDataException>(() => EventLoop.Run(FailAsync, Cancel));

        Assert.Contains(nameof(FailAsync), thrown.StackTrace, StringComparison.Ordinal);

        static async Task FailAsync(CancellationToken ct)
        {
            await Task.Yield();
            throw new InvalidDataException();
        }
    }

    [Fact]
    public void A_main_that_throws_before_its_first_wait_fails_the_same_way()
    {
        var failure = new InvalidDataException();

        Assert.Same(failure, Assert.Throws<InvalidDataException>(() => EventLoop.Run((Func<CancellationToken, Task>)(ct => throw failure), Cancel)));
    }

    [Fact]
    public void The_only_failure_is_thrown_and_not_logged()
    {
        var log = new LogRecorder();

        Assert.Throws<InvalidDataException>(() => EventLoop.Run(new EventLoopOptions { Logger = log }, (Func<CancellationToken, Task>)(ct => throw new InvalidDataException()), Cancel));
        Assert.DoesNotContain(24, log.Ids);
    }

    [Fact]
    public void The_failure_of_a_posted_callback_cancels_main_and_is_thrown_with_its_stack()
    {
        bool canceled = false;
        var thrown = Assert.Throws<InvalidDataException>(() => EventLoop.Run(
            async ct =>
            {
                EventLoop.Current.Post(FailInACallback);
                try
                {
                    await Task.Delay(Timeout.Infinite, ct);
                }
                finally
                {
                    canceled = true;
                }
            },
            Cancel));

        Assert.True(canceled);
        Assert.Contains(nameof(FailInACallback), thrown.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void A_callback_that_fails_after_main_has_returned_fails_the_loop()
    {
        var failure = new InvalidDataException();
        Assert.Same(failure, Assert.Throws<InvalidDataException>(() => EventLoop.Run(
            ct =>
            {
                EventLoop.Current.Post(() => throw failure);
                return Task.FromResult(1);
            },
            Cancel)));
    }

    [Fact]
    public void A_callback_that_fails_after_the_root_group_has_ended_fails_the_loop()
    {
        var failure = new InvalidDataException();
        Assert.Same(failure, Assert.Throws<InvalidDataException>(() => EventLoop.Run(
            ct =>
            {
                EventLoop loop = EventLoop.Current;
                loop.Post(() =>
                {
                    // On the loop's thread nothing else moves: the group must have ended by itself, on the pool.
                    Assert.True(SpinWait.SpinUntil(() => HasEnded(loop.Group), TimeSpan.FromSeconds(30)));
                    throw failure;
                });
                return Task.CompletedTask;
            },
            Cancel)));

        static bool HasEnded(TaskGroup group) => Record.Exception(() => group.Start(_ => Task.CompletedTask)) is InvalidOperationException;
    }

    [Fact]
    public void A_failing_child_of_the_root_group_cancels_main_and_is_thrown()
    {
        var failure = new InvalidDataException();
        Assert.Same(failure, Assert.Throws<InvalidDataException>(() => EventLoop.Run(
            async ct =>
            {
                EventLoop.Current.Group.Start(async _ =>
                {
                    await Task.Yield();
                    throw failure;
                });
                await Task.Delay(Timeout.Infinite, ct);
            },
            Cancel)));
    }

    [Fact]
    public void An_async_void_method_that_fails_fails_the_loop()
    {
        var failure = new InvalidDataException();
        Assert.Same(failure, Assert.Throws<InvalidDataException>(() => EventLoop.Run(
            ct =>
            {
                EventLoop.Current.Post(async () =>
                {
                    await Task.Delay(1, CancellationToken.None);
                    throw failure;
                });
                return Task.CompletedTask;
            },
            Cancel)));
    }

    [Fact]
    public void Failures_after_the_first_are_logged_in_order()
    {
        var log = new LogRecorder();
        Exception[] failures = [new InvalidDataException("1"), new InvalidDataException("2"), new InvalidDataException("3")];
        var thrown = Assert.Throws<InvalidDataException>(() => EventLoop.Run(
            new() { Name = "twice", Logger = log },
            ct =>
            {
                EventLoop.Current.Post(() => throw failures[1]);
                EventLoop.Current.Post(() => throw failures[2]);
                return Task.FromException(failures[0]);
            },
            Cancel));

        Assert.Same(failures[0], thrown);
        var entry = Assert.Single(log.Entries, entry => entry.Id == 24);
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Contains("'twice'", entry.Text, StringComparison.Ordinal);
        Assert.Equal(failures[1..], Assert.IsType<AggregateException>(entry.Failure).InnerExceptions);
    }

    [Fact]
    public void Without_a_logger_the_failures_after_the_first_go_to_the_trace_listeners()
    {
        using var text = new StringWriter();
        using var listener = new TextWriterTraceListener(TextWriter.Synchronized(text));
        Trace.Listeners.Add(listener);
        try
        {
            Assert.Throws<InvalidDataException>(() => EventLoop.Run(
                new() { Name = "traced loop" },
                ct => Task.WhenAll(Task.FromException(new InvalidDataException()), Task.FromException(new NotSupportedException("the second one"))),
                Cancel));
        }
        finally
        {
            Trace.Listeners.Remove(listener);
        }

        Assert.Contains("'traced loop'", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("the second one", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancellation_that_nobody_asked_for_is_a_failure()
    {
        var cancellation = new OperationCanceledException();

        var ofMain = Assert.Throws<ChildCanceledException>(() => EventLoop.Run(ct => Task.FromException(cancellation), Cancel));
        Assert.Same(cancellation, ofMain.InnerException);

        var ofCallback = Assert.Throws<ChildCanceledException>(() => EventLoop.Run(
            async ct =>
            {
                EventLoop.Current.Post(() => throw cancellation);
                await Task.Delay(Timeout.Infinite, ct);
            },
            Cancel));
        Assert.Same(cancellation, ofCallback.InnerException);
        Assert.StartsWith("A posted callback of ", ofCallback.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_posted_callback_that_throws_the_cancellation_that_was_asked_for_fails_nobody() =>
        Assert.Equal(5, EventLoop.Run(
            async ct =>
            {
                EventLoop.Current.Post(() =>
                {
                    EventLoop.Current.Group.Cancel();
                    ct.ThrowIfCancellationRequested();
                });
                await Task.Yield();
                Assert.True(ct.IsCancellationRequested);
                return 5;
            },
            Cancel));

    [Fact]
    public async Task A_waiting_program_is_canceled_from_another_thread()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Exception?> loop = Task.Factory.StartNew(
            () => Record.Exception(() => EventLoop.Run(
                async ct =>
                {
                    waits.SetResult();
                    await Task.Delay(Timeout.Infinite, ct);
                },
                source.Token)),
            Cancel,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        await waits.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await source.CancelAsync();
        Exception? thrown = await loop.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(source.Token, Assert.IsAssignableFrom<OperationCanceledException>(thrown).CancellationToken);
    }

    [Fact]
    public void A_token_that_is_canceled_already_starts_nothing()
    {
        var canceled = new CancellationToken(canceled: true);
        bool called = false;
        var thrown = Assert.ThrowsAny<OperationCanceledException>(() => EventLoop.Run(
            ct =>
            {
                called = true;
                return Task.CompletedTask;
            },
            canceled));

        Assert.False(called);
        Assert.Equal(canceled, thrown.CancellationToken);
    }

    [Fact]
    public void A_result_is_kept_although_the_cancellation_struck_meanwhile()
    {
        using var source = new CancellationTokenSource();
        Assert.Equal(5, EventLoop.Run(
            async ct =>
            {
                await source.CancelAsync();
                return 5;
            },
            source.Token));
    }

    [Fact]
    public void Canceling_the_root_group_is_a_normal_end_of_a_main_without_a_result()
    {
        EventLoop.Run(CancelAsync, Cancel);

        CancellationToken root = default;
        var thrown = Assert.ThrowsAny<OperationCanceledException>(() => EventLoop.Run(
            async ct =>
            {
                root = ct;
                await CancelAsync(ct);
                return 1;
            },
            Cancel));
        Assert.Equal(root, thrown.CancellationToken);

        static Task CancelAsync(CancellationToken ct)
        {
            EventLoop.Current.Group.Cancel();
            return Task.Delay(Timeout.Infinite, ct);
        }
    }

    [Fact]
    public void A_failure_that_the_options_name_a_cancellation_is_one_once_it_was_asked_for() =>
        Assert.Equal(1, EventLoop.Run(
            new() { IsCancellation = failure => failure is InvalidDataException },
            ct =>
            {
                EventLoop.Current.Group.Start(async token =>
                {
                    await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    throw new InvalidDataException();
                });
                return OneAfterAYieldAsync();
            },
            Cancel));

    [Fact]
    public void An_interruption_of_the_waiting_thread_is_a_failure_that_waits_for_the_work_to_end()
    {
        bool cleanedUp = false;
        Thread loop = Thread.CurrentThread;
        Assert.Throws<ThreadInterruptedException>(() => EventLoop.Run(
            async ct =>
            {
                try
                {
                    // Strikes as soon as the thread waits.
                    loop.Interrupt();
                    await Task.Delay(Timeout.Infinite, ct);
                }
                finally
                {
                    cleanedUp = true;
                }
            },
            Cancel));

        Assert.True(cleanedUp);
    }

    private static async Task<int> OneAfterAYieldAsync()
    {
        // Once around the loop, so that the child has begun.
        await Task.Yield();
        return 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailInACallback() => throw new InvalidDataException();
}
