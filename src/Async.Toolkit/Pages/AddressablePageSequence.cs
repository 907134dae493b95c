using Async.Toolkit.Internal;
using Async.Toolkit.Pages;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit;

/// <summary>A <see cref="PageSequence{T}"/> whose pages are addressed by numbers, so that several can be asked for at once.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <inheritdoc cref="PageSequence{T}" path="/remarks"/>
public sealed class AddressablePageSequence<T> : PageSequence<T>
{
    private AddressablePageSequence(PagePlan<T> plan)
        : base(plan)
    {
    }

    /// <summary>The same sequence, asking for up to <paramref name="pages"/> pages at once.</summary>
    /// <remarks>
    /// <para>The pages come in order. Pages are asked for before it is known that they exist, never more than <paramref name="pages"/> that have not
    /// been consumed; those behind the end, once an earlier page has told it, are canceled and ignored, their failures too.</para>
    /// <para>Where pages by offset are shorter than announced, what follows is not where it could be guessed: the rest is fetched one by one, or
    /// as <see cref="Prefetch"/> says. Apart from that <see cref="Prefetch"/> has no effect beside it.</para>
    /// </remarks>
    /// <param name="pages">How many pages at once, from 1. Default 1.</param>
    /// <returns>A new sequence.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pages"/> is zero or negative.</exception>
    public AddressablePageSequence<T> Concurrency(int pages)
    {
        Check.AtLeastOne(pages, nameof(pages));
        return new(Plan with { Concurrency = pages });
    }

    /// <inheritdoc/>
    public override AddressablePageSequence<T> ResumeFrom(string continuation) => (AddressablePageSequence<T>)base.ResumeFrom(continuation);

    /// <inheritdoc/>
    public override AddressablePageSequence<T> Prefetch(int pages) => (AddressablePageSequence<T>)base.Prefetch(pages);

    /// <inheritdoc/>
    public override AddressablePageSequence<T> MaxPages(int count) => (AddressablePageSequence<T>)base.MaxPages(count);

    /// <inheritdoc/>
    public override AddressablePageSequence<T> AllowRepeatedContinuations() => (AddressablePageSequence<T>)base.AllowRepeatedContinuations();

    /// <inheritdoc/>
    public override AddressablePageSequence<T> LogTo(ILogger logger, TimeProvider? timeProvider = null) =>
        (AddressablePageSequence<T>)base.LogTo(logger, timeProvider);

    /// <inheritdoc/>
    public override AddressablePageSequence<T> LogTo(ILoggerFactory loggerFactory, TimeProvider? timeProvider = null) =>
        (AddressablePageSequence<T>)base.LogTo(loggerFactory, timeProvider);

    internal static AddressablePageSequence<T> Of(CountedStyle<T> style, CallerSite site) => new(new PagePlan<T>(style, site));

    private protected override PageSequence<T> With(PagePlan<T> plan) => new AddressablePageSequence<T>(plan);
}
