using System.Net;
using Async.Toolkit.Tests.Fakes;
using Async.Toolkit.Tests.Pages;

namespace Async.Toolkit.Tests.Conventions;

public sealed partial class ContextCaptureTests
{
    private const int PageSize = 2;

    private static readonly Dictionary<string, Func<WatchedContext, Task>> PageCalls = new()
    {
        ["pages by cursor"] = context => context.Loop(ByCursor(() => context.Suspend())),
        ["whole pages"] = context => context.Loop(ByCursor(() => context.Suspend()).Pages()),
        ["pages ahead"] = context => context.Loop(ByCursor(() => context.Suspend()).Prefetch(2)),
        ["pages ahead that fail"] = context => context.Loop(ByCursor(() => throw new InvalidOperationException()).Prefetch(2)).Failures(),
        ["pages ahead that are left"] = context =>
        {
            var release = new Gate();
            int fetched = 0;
            return context.Loop(ByCursor(() => fetched++ == 0 ? Task.CompletedTask : release.Opened).Prefetch(2), mostSteps: 1, left: release.Open);
        },
        ["several pages at once"] = context => context.Loop(ByNumber(_ => context.Suspend(), PageSize, total: 6).Concurrency(2)),
        ["several pages at once that are left"] = context =>
        {
            var release = new Gate();
            return context.Loop(ByNumber(page => page == 1 ? Task.CompletedTask : release.Opened, PageSize, total: 6).Concurrency(2), mostSteps: 1, left: release.Open);
        },
        ["several pages at once, some of them behind the end"] = async context =>
        {
            var asked = new Gate();
            var release = new Gate();
            IAsyncEnumerator<int> steps = ByNumber(
                page =>
                {
                    if (page == 2)
                    {
                        asked.Open();
                    }

                    return page == 1 ? asked.Opened : release.Opened;
                },
                PageSize,
                total: PageSize,
                tellsLate: true).Concurrency(2).GetAsyncEnumerator();
            await steps.MoveNextAsync().ConfigureAwait(false);
            await steps.MoveNextAsync().ConfigureAwait(false);
            Task end = context.Enter(() => steps.MoveNextAsync().AsTask());
            release.Open();
            await end.ConfigureAwait(false);
            await steps.DisposeAsync().ConfigureAwait(false);
        },
        ["several pages at once, all shorter than announced"] = context => context.Loop(ByOffset(_ => context.Suspend()).Concurrency(2)),
        ["several pages at once, all shorter than announced, and left"] = context =>
        {
            var release = new Gate();
            return context.Loop(ByOffset(offset => offset < 3 ? Task.CompletedTask : release.Opened).Prefetch(1).Concurrency(2), mostSteps: 3, left: release.Open);
        },
        ["pages by link with slow content"] = context => context.Loop(Paging.ByLink(
            LinkServer.ClientOf((request, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new SlowContent(context) })),
            LinkServer.First,
            LinkJson.Default.Int32Array)),
        ["pages by link"] = context => context.Loop(Paging.ByLink(
            LinkServer.ClientOf(async (request, _) =>
            {
                await context.Suspend().ConfigureAwait(false);
                return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new SlowContent(context) };
            }),
            LinkServer.First,
            LinkJson.Default.Int32Array)),
    };

    private static PageSequence<int> ByCursor(Func<Task> fetch) => Paging.ByCursor<int>(async (cursor, _) =>
    {
        await fetch().ConfigureAwait(false);
        int page = cursor?.Length ?? 0;
        return new([page, page], page < 3 ? new string('c', page + 1) : null);
    });

    private static AddressablePageSequence<int> ByNumber(Func<int, Task> fetch, int length, long total, bool tellsLate = false) => Paging.ByPageNumber<int>(PageSize, async (page, _) =>
    {
        await fetch(page).ConfigureAwait(false);
        return new([.. Enumerable.Repeat(page, length)], tellsLate && page > 1 ? null : total);
    });

    // One item a page, where two were asked for.
    private static AddressablePageSequence<int> ByOffset(Func<long, Task> fetch) => Paging.ByOffset<int>(PageSize, async (offset, _) =>
    {
        await fetch(offset).ConfigureAwait(false);
        return new([(int)offset], 4);
    });

    private sealed class SlowContent(WatchedContext context) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? transport)
        {
            await context.Suspend().ConfigureAwait(false);
            await stream.WriteAsync("[1,2]"u8.ToArray()).ConfigureAwait(false);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
