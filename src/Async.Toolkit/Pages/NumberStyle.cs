namespace Async.Toolkit.Pages;

/// <summary>Pages with running numbers.</summary>
internal sealed class NumberStyle<T>(int pageSize, int firstPage, Func<long, CancellationToken, ValueTask<CountedPage<T>>> fetch)
    : CountedStyle<T>(pageSize, firstPage, fetch)
{
    protected override long LargestNumber => int.MaxValue;

    public override PageKey? Next(PageKey page, PageReply<T> reply)
    {
        int count = reply.Items!.Count;
        long before = ItemsBefore(page);
        if (reply.Total is not { } total)
        {
            return count == 0 ? null : PageKey.Of(page.Number + 1);
        }

        bool isLastByCount = before + PageSize >= total;
        if (count == 0 && isLastByCount)
        {
            return null;
        }

        // A server that gives fewer items a page than it was asked for has more pages than the total tells: from then on only an empty page ends.
        bool uneven = page.IsUneven || before >= total || count < Math.Min(PageSize, total - before);
        return isLastByCount && !uneven ? null : PageKey.Of(page.Number + 1, uneven);
    }

    public override PageKey? Guess(PageKey page, long? total)
    {
        var next = PageKey.Of(page.Number + 1);
        return ItemsBefore(next) >= total ? null : next;
    }

    private long ItemsBefore(PageKey page) => (page.Number - FirstNumber) * PageSize;
}
