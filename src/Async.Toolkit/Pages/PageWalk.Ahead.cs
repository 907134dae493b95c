using System.Diagnostics;
using System.Threading.Channels;
using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Pages;

internal sealed partial class PageWalk<T>
{
    private static readonly ChildOptions WalkerOptions = new() { Name = "the fetch of pages ahead" };

    private TaskGroup OpenGroup(FailurePolicy policy)
    {
        _end = LoopEnd.Left;
        var options = new TaskGroupOptions
        {
            Name = nameof(Paging),
            Kind = "paging",
            FailurePolicy = policy,
            Logger = _plan.Logger,
            LoggerFactory = _plan.LoggerFactory,
            TimeProvider = _plan.TimeProvider,
            IsQuietOnFailure = true,
            Owner = this,
            TrueEnding = EndOfLoop,
        };
        return TaskGroup.Open(options, _callerToken);
    }

    /// <summary>
    /// One child of a group walks from page to page, as <see cref="OneByOneAsync"/> does, and keeps up to <see cref="PagePlan{T}.Prefetch"/> pages ready
    /// that the consumer has not taken yet.
    /// </summary>
    private async IAsyncEnumerator<Page<T>> AheadAsync(PageKey start, int number)
    {
        _callerToken.ThrowIfCancellationRequested();
        var ready = Channel.CreateBounded<Page<T>>(new BoundedChannelOptions(_plan.Prefetch) { SingleReader = true, SingleWriter = true });
        TaskGroup group = OpenGroup(FailurePolicy.CancelSiblings);
        try
        {
            // The end of the pages is told from here: a walker that is canceled before it has begun never comes to tell it.
            Task walker = group.Run(WalkerOptions, token => WalkAheadAsync(start, number, ready.Writer, token), "", _plan.Site.File, _plan.Site.Line);
            _ = walker.ContinueWith(
                static (_, writer) => ((ChannelWriter<Page<T>>)writer!).Complete(),
                ready.Writer,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            while (await ready.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                _callerToken.ThrowIfCancellationRequested();
                ready.Reader.TryRead(out Page<T> page);
                yield return page;
                if (page.IsLast)
                {
                    _end = LoopEnd.Reached;
                    yield break;
                }
            }

            // No page any more, and none of them was the last one: what the walker ended with is what the consumer meets here.
            _end = LoopEnd.Thrown;
            await group.JoinAsync().ConfigureAwait(false);
            throw new UnreachableException();
        }
        finally
        {
            ReportUnseen(await EndAsync(group).ConfigureAwait(false), seen: _end == LoopEnd.Thrown ? 1 : 0);
        }
    }

    /// <summary>Cancels what still runs, waits for it, and gives the failures of the group, if there are any.</summary>
    private static async ValueTask<AggregateException?> EndAsync(TaskGroup group)
    {
        group.Cancel();
        Task end = group.JoinAsync();
        await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return end.Exception;
    }

    private async Task WalkAheadAsync(PageKey start, int number, ChannelWriter<Page<T>> ready, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<Page<T>> pages = OneByOneAsync(start, number, cancellationToken);
        await using (pages.ConfigureAwait(false))
        {
            // Room first: a page that has no place yet must not be asked for.
            while (await ready.WaitToWriteAsync(cancellationToken).ConfigureAwait(false) && await pages.MoveNextAsync().ConfigureAwait(false))
            {
                ready.TryWrite(pages.Current);
            }
        }
    }

    private void ReportUnseen(AggregateException? failures, int seen = 0)
    {
        foreach (Exception failure in failures?.InnerExceptions.Skip(seen) ?? [])
        {
            Report.PageFailedUnseen(_plan.EffectiveLogger, failure);
        }
    }
}
