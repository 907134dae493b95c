using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Pages;

/// <summary>
/// One enumeration of a sequence. Its ways of walking (one page after another, ahead of the consumer, several pages at once) share the rules here:
/// which page follows, what a page may be, what a failure is.
/// </summary>
/// <remarks>Not synchronized: <see cref="Enter"/> and <see cref="Accept"/> are called for one page after another, whoever calls them.</remarks>
internal sealed partial class PageWalk<T> : LiveNode
{
    private readonly PagePlan<T> _plan;
    private readonly CancellationToken _callerToken;
    private readonly RepeatGuard? _guard;

    private PageWalk(PagePlan<T> plan, CancellationToken callerToken)
    {
        _plan = plan;
        _callerToken = callerToken;
        _guard = plan.AllowsRepeats ? null : new RepeatGuard();
    }

    private PageStyle<T> Style => _plan.Style;

    /// <summary>Begins an enumeration; nothing runs before the first page is asked for.</summary>
    public static PageWalk<T> Start(PagePlan<T> plan, CancellationToken callerToken)
    {
        var walk = new PageWalk<T>(plan, callerToken);
        walk._pages = plan.Concurrency > 1 ? walk.SeveralAtOnceAsync() : walk.InChain(plan.Start, 1);
        return walk;
    }

    // Each page tells where the next one is.
    private IAsyncEnumerator<Page<T>> InChain(PageKey start, int number) =>
        _plan.Prefetch > 0 ? AheadAsync(start, number) : OneByOneAsync(start, number, _callerToken);

    /// <summary>Each page is asked for when the consumer wants it, on the consumer's own thread, as a loop written by hand would.</summary>
    private async IAsyncEnumerator<Page<T>> OneByOneAsync(PageKey start, int number, CancellationToken cancellationToken)
    {
        for (PageKey? next = start; next is { } key; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Enter(key, number);
            Page<T> page = Accept(key, number, await FetchAsync(key, number, cancellationToken).ConfigureAwait(false));
            cancellationToken.ThrowIfCancellationRequested();
            yield return page;
            next = page.Next;
        }
    }

    /// <summary>Whether the page at <paramref name="key"/> may be the next one.</summary>
    private void Enter(PageKey key, int number)
    {
        if (number > _plan.MaxPages)
        {
            throw new PagingException($"There are more pages than {nameof(PageSequence<>.MaxPages)} allows: {_plan.MaxPages}.");
        }

        // Numbers and offsets only grow; only what a server gives can come again.
        if (_guard is not null && key.Text is { } continuation && _guard.FirstUse(continuation, number) is var first && first != number)
        {
            throw new PagingException(
                $"Page {number - 1} leads back to page {first}: its continuation was followed before, and the pages would go round in circles. " +
                $"If a continuation may come again, allow it with {nameof(PageSequence<>.AllowRepeatedContinuations)}.");
        }
    }

    // Pooled: a page must not cost more than the loop that a user would write, which awaits the delegate's task itself.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<PageReply<T>> FetchAsync(PageKey key, int number, CancellationToken cancellationToken)
    {
        Task? pending;
        PageReply<T> reply = default;
        Interlocked.Increment(ref _fetching);
        try
        {
            pending = Style.Begin(key, out reply, cancellationToken);
        }
        catch (Exception thrown)
        {
            // A delegate that throws at once is no different from one whose task fails.
            pending = Task.FromException(thrown);
        }

        if (pending is not null)
        {
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Interlocked.Decrement(ref _fetching);
        if (pending is not null)
        {
            reply = pending.IsCompletedSuccessfully ? Style.ReplyOf(pending) : Rethrow(pending, number, cancellationToken);
        }

        Report.CountPage();
        return reply;
    }

    private Page<T> Accept(PageKey key, int number, PageReply<T> reply)
    {
        _fetched = number;
        if (reply.Items is null)
        {
            throw new PagingException($"The fetch of page {number} gave null where a list of items was expected.");
        }

        if (reply.Items.Count > Style.MaxItems)
        {
            throw new PagingException($"Page {number} has {reply.Items.Count} items, which is more than the page size that was announced: {Style.MaxItems}.");
        }

        if (reply.Total < 0)
        {
            throw new PagingException($"Page {number} tells a total of {reply.Total} items, which is less than none; where the total is not known, give null.");
        }

        return new Page<T>(number, reply, Style.Next(key, reply));
    }

    /// <summary>Throws the first failure of a fetch, the original object, and reports the others: a step of a stream can throw only one.</summary>
    [DoesNotReturn]
    private PageReply<T> Rethrow(Task failed, int number, CancellationToken cancellationToken)
    {
        // The caller's token is asked too: a fetch that listens to it directly may end before the group has passed the cancellation on.
        bool asked = cancellationToken.IsCancellationRequested || _callerToken.IsCancellationRequested;
        List<Exception> failures = CancellationRule.FailuresIn(Failures.Of(failed), asked, $"The fetch of page {number}");
        if (failures.Count == 0)
        {
            throw new OperationCanceledException(_callerToken.IsCancellationRequested ? _callerToken : cancellationToken);
        }

        foreach (Exception further in failures.Skip(1))
        {
            Report.PageFailedFurther(_plan.EffectiveLogger, further, number);
        }

        ExceptionDispatchInfo.Throw(failures[0]);
        return default;
    }
}
