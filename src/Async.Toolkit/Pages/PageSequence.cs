using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;
using Async.Toolkit.Pages;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit;

/// <summary>
/// The items of a paginated source as one stream: a page is asked for when its predecessor has been consumed, or ahead of that where wanted.
/// </summary>
/// <remarks>
/// <para>What is guaranteed:</para>
/// <list type="bullet">
/// <item>Items come in the order of the pages. Nothing is asked for before the first item is; without <see cref="Prefetch"/> a page is asked for only
/// when its predecessor has been consumed.</item>
/// <item>Each enumeration is on its own and begins at the same place.</item>
/// <item>Leaving the loop, by <see langword="break"/>, by an exception or by a cancellation, cancels what still runs and waits for it: nothing is left
/// behind.</item>
/// <item>A fetch that fails fails the loop at its page, with the original exception; everything before it has been yielded. A page that was asked for
/// ahead and failed is logged when the loop ended before it was reached (see <see cref="LogTo(ILogger, TimeProvider?)"/>).</item>
/// <item>A source that does not come to an end is found out: a continuation that comes again, at whatever distance, ends the loop with a
/// <see cref="PagingException"/> before a page comes twice. An empty page with a next one is no end.</item>
/// </list>
/// <para>The only token is that of <see cref="TaskAsyncEnumerableExtensions.WithCancellation{T}(IAsyncEnumerable{T}, CancellationToken)"/>. Once it is
/// canceled no further item comes: the loop ends with an <see cref="OperationCanceledException"/> that carries it, after the fetch that was under way
/// has ended. A fetch that is canceled although nobody asked for it, by <see cref="HttpClient.Timeout"/> for one, fails with a
/// <see cref="ChildCanceledException"/>.</para>
/// <para>Without <see cref="Prefetch"/> and <see cref="AddressablePageSequence{T}.Concurrency"/> the fetch is called by the loop itself, on its thread and in
/// its context; with one of them on the thread pool, without a <see cref="SynchronizationContext"/>.</para>
/// <para>Immutable and safe for all threads; the methods that set something give a new sequence. One enumerator serves one consumer at a time.</para>
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
public class PageSequence<T> : IAsyncEnumerable<T>
{
    private protected PageSequence(PagePlan<T> plan) => Plan = plan;

    private protected PagePlan<T> Plan { get; }

    /// <summary>The pages instead of the items, each with the continuation behind it.</summary>
    /// <remarks>
    /// Save the <see cref="Page{T}.Continuation"/> of a page when the page has been dealt with: <see cref="ResumeFrom"/> goes on behind it, whatever had
    /// been asked for ahead.
    /// </remarks>
    /// <returns>The stream of pages, under the same guarantees as that of the items.</returns>
    public IAsyncEnumerable<Page<T>> Pages() => new PageStream<T>(Plan);

    /// <summary>The same sequence, beginning behind the page that gave the continuation.</summary>
    /// <param name="continuation">The <see cref="Page{T}.Continuation"/> of the last page that was consumed.</param>
    /// <returns>A new sequence.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="continuation"/> is <see langword="null"/>: there is nothing behind the last page.</exception>
    /// <exception cref="ArgumentException"><paramref name="continuation"/> is empty, or none that this sequence can have given.</exception>
    public virtual PageSequence<T> ResumeFrom(string continuation)
    {
        ArgumentException.ThrowIfNullOrEmpty(continuation);
        return With(Plan with { Start = Plan.Style.Parse(continuation) });
    }

    /// <summary>The same sequence, fetching up to <paramref name="pages"/> pages ahead of the one that is being consumed.</summary>
    /// <remarks>
    /// A page that was fetched ahead and failed surfaces when the loop reaches it. Where pages can be asked for several at once as well, see
    /// <see cref="AddressablePageSequence{T}.Concurrency"/>.
    /// </remarks>
    /// <param name="pages">How many pages ahead, from 0. Default 0: each page is asked for when it is needed.</param>
    /// <returns>A new sequence.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pages"/> is negative.</exception>
    public virtual PageSequence<T> Prefetch(int pages)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pages);
        return With(Plan with { Prefetch = pages });
    }

    /// <summary>The same sequence, ending with a <see cref="PagingException"/> where it has more than <paramref name="count"/> pages.</summary>
    /// <remarks>A guard against a source without an end, whose continuations are new each time. To take the first pages only, use
    /// <see cref="Pages"/> with <c>Take</c>.</remarks>
    /// <param name="count">The most pages of one enumeration, from 1. Default: no limit.</param>
    /// <returns>A new sequence.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is zero or negative.</exception>
    public virtual PageSequence<T> MaxPages(int count)
    {
        Check.AtLeastOne(count, nameof(count));
        return With(Plan with { MaxPages = count });
    }

    /// <summary>The same sequence without the check for a continuation that comes again, for feeds that mean it, such as delta queries.</summary>
    /// <remarks>The check takes about 20 to 45 bytes of memory for each page; an enumeration that goes on for ever may do without.</remarks>
    /// <returns>A new sequence.</returns>
    public virtual PageSequence<T> AllowRepeatedContinuations() => With(Plan with { AllowsRepeats = true });

    /// <summary>The same sequence, reporting what its loop does not see: pages that were asked for ahead and failed, and fetches ahead
    /// or several at once that ignore their cancellation.</summary>
    /// <param name="logger">The logger. What it throws is ignored. Without one, <see cref="ToolkitDiagnostics.LoggerFactory"/> gives it, or else unseen
    /// failures go to the trace listeners.</param>
    /// <param name="timeProvider">The clock by which a fetch ignores its cancellation: it is warned of 10 seconds after it. Default
    /// <see langword="null"/>: <see cref="TimeProvider.System"/>.</param>
    /// <returns>A new sequence.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="logger"/> is <see langword="null"/>.</exception>
    public virtual PageSequence<T> LogTo(ILogger logger, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(logger);
        return With(Plan with { Logger = logger, LoggerFactory = null, TimeProvider = timeProvider ?? TimeProvider.System });
    }

    /// <param name="loggerFactory">Gives the logger, of category <see cref="ToolkitDiagnostics.LogCategory"/>. A factory that throws is ignored.</param>
    /// <param name="timeProvider">The clock by which a fetch ignores its cancellation: it is warned of 10 seconds after it. Default
    /// <see langword="null"/>: <see cref="TimeProvider.System"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="loggerFactory"/> is <see langword="null"/>.</exception>
    /// <inheritdoc cref="LogTo(ILogger, TimeProvider?)"/>
    public virtual PageSequence<T> LogTo(ILoggerFactory loggerFactory, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(loggerFactory);
        return With(Plan with { Logger = null, LoggerFactory = loggerFactory, TimeProvider = timeProvider ?? TimeProvider.System });
    }

    /// <summary>Begins an enumeration of the items. Nothing is asked for before the first item is.</summary>
    /// <param name="cancellationToken">Cancels the enumeration, a fetch that is under way included.</param>
    /// <returns>The enumerator, for one consumer at a time.</returns>
    /// <exception cref="OperationCanceledException">On <see langword="await"/> of an item: <paramref name="cancellationToken"/> was canceled; it carries that token.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new ItemEnumerator<T>(PageWalk<T>.Start(Plan, cancellationToken), cancellationToken);

    internal static PageSequence<T> Of(PageStyle<T> style, CallerSite site) => new(new PagePlan<T>(style, site));

    private protected virtual PageSequence<T> With(PagePlan<T> plan) => new(plan);
}
