using System.Runtime.CompilerServices;
using Async.Toolkit.Internal;
using Async.Toolkit.Timing;

namespace Async.Toolkit;

/// <summary>
/// A time limit: around one operation with <c>RunAsync</c> and <c>TryRunAsync</c>, or as a scope around several statements.
/// </summary>
/// <remarks>
/// <para>What <c>RunAsync</c> and <c>TryRunAsync</c> guarantee:</para>
/// <list type="bullet">
/// <item>They return only when the operation has ended, and the callbacks of its cancellation with it. The one exception has its own option,
/// <see cref="AsyncTimeoutOptions.AbandonAfter"/>.</item>
/// <item>Who cancelled is never in doubt: the limit gives a <see cref="TimeoutException"/> that tells it (from <c>TryRunAsync</c>: "not completed"), the caller's
/// token an <see cref="OperationCanceledException"/> with that token. The first of the two wins; when the limit strikes, a caller who has already
/// cancelled wins. A cancellation that neither of them asked for is a failure, <see cref="ChildCanceledException"/>.</item>
/// <item>A result is kept: an operation that succeeds all the same has succeeded, even though the limit struck meanwhile.</item>
/// <item>A failure beats the limit: where an operation fails while it is being canceled, <see langword="await"/> throws that failure, and the
/// <see cref="TimeoutException"/> stands behind it in the task's <see cref="AggregateException.InnerExceptions"/>.</item>
/// <item>Of nested limits the earliest strikes, and only its owner says <see cref="TimeoutException"/>.</item>
/// <item>The caller goes on where the operation ended, or on the thread pool after the callbacks of a strike, as with every <see langword="await"/>; never
/// inside a callback.</item>
/// <item>The token belongs to the one operation. Kept beyond its end, it is never canceled by anybody else's limit.</item>
/// </list>
/// <para>As a scope the instance only cancels its <see cref="Token"/>: no <see langword="using"/> can translate an exception. Tell the two apart with
/// <c>catch (OperationCanceledException) when (limit.IsExpired)</c>.</para>
/// <para>All members may be called from any thread at any time. The ideas come from Python's <c>asyncio.wait_for</c> and <c>asyncio.timeout</c> and from Trio's
/// <c>move_on_after</c>.</para>
/// </remarks>
public sealed partial class AsyncTimeout : IDisposable, IAsyncDisposable
{
    private readonly ScopeLimit _limit;

    /// <summary>Opens a scope; its time counts from now.</summary>
    /// <param name="timeout">From zero (<see cref="Token"/> is canceled from the beginning) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Cancels <see cref="Token"/> too, which does not make the limit expired.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    public AsyncTimeout(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _limit = new ScopeLimit(Check.Timeout(timeout, nameof(timeout)), AsyncTimeoutOptions.Default, cancellationToken);

    /// <summary>Opens a scope; its time counts from now.</summary>
    /// <param name="options">The settings; <see cref="AsyncTimeoutOptions.AbandonAfter"/> must not be among them, since a scope waits for nothing.</param>
    /// <param name="cancellationToken">Cancels <see cref="Token"/> too, which does not make the limit expired.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><see cref="AsyncTimeoutOptions.AbandonAfter"/> is set.</exception>
    [OverloadResolutionPriority(1)]
    public AsyncTimeout(AsyncTimeoutOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.AbandonAfter != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException($"AbandonAfter ({options.AbandonAfter}) is for RunAsync and TryRunAsync; a scope waits for nothing that it could abandon.", nameof(options));
        }

        _limit = new ScopeLimit(options.Timeout, options, cancellationToken);
    }

    /// <summary>Canceled when the time is up, or when the token given to the constructor is. Stays valid, and as it is, after the end of the scope.</summary>
    public CancellationToken Token => _limit.Token;

    /// <summary>When the limit strikes or struck, by the wall clock of <see cref="AsyncTimeoutOptions.TimeProvider"/>; <see langword="null"/> for an infinite one.</summary>
    /// <remarks>For display: the limit itself is measured by timestamps, which nobody can turn back.</remarks>
    public DateTimeOffset? Deadline => _limit.Due;

    /// <summary>Whether the limit has struck; <see langword="false"/> where the token given to the constructor was canceled first.</summary>
    /// <remarks>Set before <see cref="Token"/> is canceled, and never reset.</remarks>
    public bool IsExpired => _limit.Reason == LimitReason.Deadline;

    /// <summary>Replaces the limit by another one, counted from now.</summary>
    /// <remarks>Without effect where <see cref="Token"/> has been canceled by the token given to the constructor.</remarks>
    /// <param name="timeout">From zero (expires now) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    /// <exception cref="InvalidOperationException">The limit has expired.</exception>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    public void Reschedule(TimeSpan timeout) => _limit.Reschedule(Check.Timeout(timeout, nameof(timeout)));

    /// <summary>Ends the scope: the limit strikes no more. Callbacks of a strike under way on the pool may still run; <see cref="DisposeAsync"/> waits for them.</summary>
    /// <remarks>May be called more than once. What the callbacks throw is logged (event 12), or written to the trace listeners where no logger is set.</remarks>
    public void Dispose() => _limit.Close();

    /// <summary>Ends the scope: the limit strikes no more, and when the task ends no callback of its cancellation runs.</summary>
    /// <remarks>May be called more than once, but not awaited by a callback of <see cref="Token"/>, which would wait for itself.</remarks>
    /// <returns>A task that never fails.</returns>
    public ValueTask DisposeAsync() => new(_limit.Close());
}
