namespace Async.Toolkit.Pages;

/// <summary>Pages addressed by the number of items before them.</summary>
internal sealed class OffsetStyle<T>(int pageSize, Func<long, CancellationToken, ValueTask<CountedPage<T>>> fetch)
    : CountedStyle<T>(pageSize, first: 0, fetch)
{
    public override PageKey? Next(PageKey page, PageReply<T> reply)
    {
        // By what came, not by what was asked for: a server that gives fewer items a page would have the others passed over.
        int count = reply.Items!.Count;
        long next = checked(page.Number + (count == 0 ? PageSize : count));
        bool isEnd = reply.Total is { } total ? next >= total : count == 0;
        return isEnd ? null : PageKey.Of(next);
    }

    public override PageKey? Guess(PageKey page, long? total) =>
        page.Number > long.MaxValue - PageSize || page.Number + PageSize >= total ? null : PageKey.Of(page.Number + PageSize);
}
