using System.Globalization;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Pages;

/// <summary>Pages of a fixed size that can be asked for in any order, because a number addresses each.</summary>
internal abstract class CountedStyle<T>(int pageSize, long first, Func<long, CancellationToken, ValueTask<CountedPage<T>>> fetch) : PageStyle<T>
{
    public override PageKey First => PageKey.Of(first);

    public override int MaxItems => pageSize;

    /// <summary>The largest number that a page can have.</summary>
    protected virtual long LargestNumber => long.MaxValue;

    protected int PageSize => pageSize;

    protected long FirstNumber => first;

    public override PageKey Parse(string continuation) =>
        long.TryParse(continuation, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= first && number <= LargestNumber
            ? PageKey.Of(number)
            : throw new ArgumentException($"'{continuation}' is no continuation of this sequence: a number from {first} to {LargestNumber} was expected.", nameof(continuation));

    public override Task? Begin(PageKey page, out PageReply<T> reply, CancellationToken cancellationToken)
    {
        Task? pending = Pending.From(fetch(page.Number, cancellationToken), out CountedPage<T> fetched);
        reply = ReplyOf(fetched);
        return pending;
    }

    public override PageReply<T> ReplyOf(Task succeeded) => ReplyOf(((Task<CountedPage<T>>)succeeded).Result);

    private static PageReply<T> ReplyOf(CountedPage<T> fetched) => new(fetched.Items, null, fetched.Total);
}
