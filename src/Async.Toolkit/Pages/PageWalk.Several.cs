using System.Runtime.CompilerServices;
using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Pages;

internal sealed partial class PageWalk<T>
{
    private static readonly ChildOptions FetchOptions = new() { Name = "the fetch of a page" };

    /// <summary>
    /// Asks for pages before their predecessors' replies are known, each as a child of a group, and gives them in order. What an earlier page says
    /// about the way on counts: a page asked for behind the end, or at a place that turns out wrong, is dropped with whatever it ended with.
    /// </summary>
    private async IAsyncEnumerator<Page<T>> SeveralAtOnceAsync()
    {
        _callerToken.ThrowIfCancellationRequested();
        PageKey? next = _plan.Start;
        int number = 1;

        // Isolated: the failure of a page must not keep the pages before it from coming.
        TaskGroup group = OpenGroup(FailurePolicy.Isolate);
        var asked = new Queue<AskedPage>();
        bool areWanted = true;
        try
        {
            long? total = null;
            while (next is { } key && IsOnTrack(asked, key))
            {
                Page<T> page = await TakeAsync(group, asked, key, number, total).ConfigureAwait(false);
                (next, total) = (page.Next, page.Total ?? total);
                number++;
                areWanted = next is { } place && IsOnTrack(asked, place);

                // Before the page is handed out: the next ones come while the consumer is at work.
                if (areWanted)
                {
                    Ask(group, asked, next!.Value, number, total);
                }

                yield return page;
            }

            areWanted = false;
            _end = LoopEnd.Reached;
        }
        finally
        {
            ReportUnseen(await EndAsync(group).ConfigureAwait(false));
            ReportLeft(asked, areWanted);
        }

        // Shorter pages than announced: the rest is not where it could be guessed.
        if (next is { } rest)
        {
            IAsyncEnumerator<Page<T>> pages = InChain(rest, number);
            await using (pages.ConfigureAwait(false))
            {
                while (await pages.MoveNextAsync().ConfigureAwait(false))
                {
                    yield return pages.Current;
                }
            }
        }
    }

    /// <summary>The page at <paramref name="key"/>, asked for now or before. What it throws is what the consumer gets.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Page<T>> TakeAsync(TaskGroup group, Queue<AskedPage> asked, PageKey key, int number, long? total)
    {
        try
        {
            _callerToken.ThrowIfCancellationRequested();
            Enter(key, number);
            Ask(group, asked, key, number, total);
            Task<PageReply<T>> fetch = asked.Dequeue().Fetch;
            await ((Task)fetch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Page<T> page = Accept(key, number, fetch.IsCompletedSuccessfully ? fetch.Result : Rethrow(fetch, number, _callerToken));
            _callerToken.ThrowIfCancellationRequested();
            return page;
        }
        catch (Exception thrown)
        {
            // The group does not know: the failure of a fetch is isolated, and that of a page is none of a child.
            (_end, _thrown) = (LoopEnd.Thrown, thrown);
            throw;
        }
    }

    private static bool IsOnTrack(Queue<AskedPage> asked, PageKey key) => asked.Count == 0 || asked.Peek().Key.IsSamePlaceAs(key);

    /// <summary>Asks for the page at <paramref name="key"/>, unless that has been done, and for as many behind it as may be under way.</summary>
    private void Ask(TaskGroup group, Queue<AskedPage> asked, PageKey key, int number, long? total)
    {
        PageKey? next = asked.Count == 0 ? key : Style.Guess(asked.Last().Key, total);
        while (asked.Count < _plan.Concurrency && next is { } place && number + asked.Count <= _plan.MaxPages)
        {
            int page = number + asked.Count;
            asked.Enqueue(new AskedPage(place, group.Run(FetchOptions, token => FetchAsync(place, page, token), "", _plan.Site.File, _plan.Site.Line)));
            next = Style.Guess(place, total);
        }
    }

    private void ReportLeft(Queue<AskedPage> left, bool areWanted)
    {
        foreach (AskedPage page in left)
        {
            if (page.Fetch.Exception is not { } failures)
            {
                continue;
            }

            if (areWanted)
            {
                ReportUnseen(failures);
            }
            else
            {
                Report.PageBehindEndFailed(_plan.EffectiveLogger, failures.InnerException!);
            }
        }
    }

    private readonly record struct AskedPage(PageKey Key, Task<PageReply<T>> Fetch);
}
