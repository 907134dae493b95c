using Async.Toolkit.Internal;

namespace Async.Toolkit.Pages;

/// <summary>Each page gives the cursor of the next.</summary>
internal sealed class CursorStyle<T>(Func<string?, CancellationToken, ValueTask<CursorPage<T>>> fetch) : PageStyle<T>
{
    public override PageKey First => PageKey.Of(text: null);

    public override PageKey Parse(string continuation) => PageKey.Of(continuation);

    public override Task? Begin(PageKey page, out PageReply<T> reply, CancellationToken cancellationToken)
    {
        Task? pending = Pending.From(fetch(page.Text, cancellationToken), out CursorPage<T> fetched);
        reply = ReplyOf(fetched);
        return pending;
    }

    public override PageReply<T> ReplyOf(Task succeeded) => ReplyOf(((Task<CursorPage<T>>)succeeded).Result);

    public override PageKey? Next(PageKey page, PageReply<T> reply) =>
        string.IsNullOrEmpty(reply.Next) ? null : PageKey.Of(reply.Next);

    private static PageReply<T> ReplyOf(CursorPage<T> fetched) => new(fetched.Items, fetched.Next, null);
}
