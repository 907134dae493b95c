using System.Runtime.CompilerServices;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

/// <summary>What only a delegate can do, shown with cursors.</summary>
public sealed class CursorTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task No_cursor_and_an_empty_one_end_the_sequence(string? end)
    {
        var server = new PageServer(PageServer.PagesOf(3)) { EndOfCursors = end };

        Assert.Equal(server.Items, await Styles.ByCursor(server).Loop().Guarded());
        Assert.Equal(3, server.Asked.Length);
    }

    [Fact]
    public async Task The_first_page_is_asked_for_with_no_cursor_and_each_other_one_with_its_own()
    {
        var asked = new List<string?>();
        PageSequence<int> sequence = Paging.ByCursor<int>((cursor, _) =>
        {
            asked.Add(cursor);
            return new(new CursorPage<int>([], asked.Count < 3 ? $"<{asked.Count}>" : null));
        });

        await sequence.Loop();

        Assert.Equal([null, "<1>", "<2>"], asked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Every_failure_of_a_fetch_reaches_the_caller_or_the_log(int prefetch)
    {
        var failures = new[] { new InvalidOperationException("first"), new InvalidOperationException("second"), new InvalidOperationException("third") };
        var logger = new FakeLogger();
        PageSequence<int> sequence = Paging.ByCursor((_, _) =>
        {
            var several = new TaskCompletionSource<CursorPage<int>>();
            several.SetException(failures);
            return several.Task;
        });

        Assert.Same(failures[0], await sequence.Prefetch(prefetch).LogTo(logger).Loop().OnlyFailure());
        Assert.Equal(failures[1..], logger.Of(41).Select(static entry => entry.Exception!));
        Assert.Equal(2, logger.Entries.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_delegate_that_throws_at_once_fails_the_loop_as_any_other(int prefetch)
    {
        var failure = new InvalidOperationException("refused");
        PageSequence<int> sequence = Paging.ByCursor<int>(new Func<string?, CancellationToken, ValueTask<CursorPage<int>>>((_, _) => throw failure));

        Assert.Same(failure, await sequence.Prefetch(prefetch).Loop().OnlyFailure());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_cancellation_that_is_thrown_at_once_though_nobody_asked_for_it_is_a_failure(int prefetch)
    {
        var canceled = new OperationCanceledException("mine");
        PageSequence<int> sequence = Paging.ByCursor<int>(new Func<string?, CancellationToken, ValueTask<CursorPage<int>>>((_, _) => throw canceled));

        Assert.Same(canceled, Assert.IsType<ChildCanceledException>(await sequence.Prefetch(prefetch).Loop().OnlyFailure()).InnerException);
    }

    [Fact]
    public async Task A_null_instead_of_a_task_is_told()
    {
        PageSequence<int> sequence = Paging.ByCursor<int>(new Func<string?, CancellationToken, Task<CursorPage<int>>>((_, _) => null!));

        Assert.Contains("returned null where a task was expected", Assert.IsType<InvalidOperationException>(await sequence.Loop().OnlyFailure()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_null_instead_of_items_is_told_with_its_page_and_what_came_before_stays(int prefetch)
    {
        PageSequence<int> sequence = Paging.ByCursor((cursor, _) => Task.FromResult(cursor is null ? new CursorPage<int>([1, 2], "next") : default));
        var seen = new List<int>();

        var failure = Assert.IsType<PagingException>(await sequence.Prefetch(prefetch).Loop(seen).OnlyFailure());

        Assert.Equal("The fetch of page 2 gave null where a list of items was expected.", failure.Message);
        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public async Task Without_pages_ahead_the_delegate_is_called_in_the_consumers_own_context()
    {
        var local = new AsyncLocal<string>();
        PageSequence<string> sequence = Paging.ByCursor<string>((cursor, _) => new(new CursorPage<string>([local.Value!], cursor is null ? "next" : null)));

        var seen = new List<string>();
        local.Value = "before the first";
        await using IAsyncEnumerator<string> items = sequence.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        while (await items.MoveNextAsync())
        {
            seen.Add(items.Current);
            local.Value = "before the second";
        }

        Assert.Equal(["before the first", "before the second"], seen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Pages_that_were_consumed_are_let_go(int prefetch)
    {
        PageSequence<object> sequence = Paging.ByCursor<object>(static async (cursor, _) =>
        {
            await Task.Yield();
            return new([new object()], (cursor?.Length ?? 0) < 20 ? cursor + "x" : null);
        });

        List<WeakReference> former = await Weakly(sequence.Prefetch(prefetch));

        Assert.Equal(21, former.Count);
        Assert.True(former.SkipLast(3).All(static one => !one.IsAlive), "Pages that were consumed are still held.");
    }

    // Collects while the enumeration is under way, in the last page.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> Weakly(PageSequence<object> sequence)
    {
        var former = new List<WeakReference>();
        await foreach (object item in sequence.WithCancellation(TestContext.Current.CancellationToken))
        {
            former.Add(new WeakReference(item));
            if (former.Count == 21)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
                return former;
            }
        }

        return former;
    }
}
