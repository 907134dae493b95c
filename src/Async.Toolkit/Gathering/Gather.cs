namespace Async.Toolkit;

/// <summary>
/// Fan-out with a limit: runs an operation for each item of any source, several at a time, and joins the outcomes in the way that the call names.
/// </summary>
/// <remarks>
/// <para>What is guaranteed, for every call:</para>
/// <list type="bullet">
/// <item>The call ends only when nothing of it runs any more: no item, no read of the source, no callback of its cancellation. The source is
/// disposed by then.</item>
/// <item>Items are read in the order of the source and start as they are read (of those that start at the same moment any may be first), on the thread pool and without a <see cref="SynchronizationContext"/>. The limit is reached wherever there
/// are enough items, and never exceeded. <see cref="AsyncLocal{T}"/> values flow from the call into each item; what one item sets is not seen by the next.</item>
/// <item>The source is read by one worker at a time, never further ahead than the limit, and not at all once the call is being canceled. It may be
/// endless. A source that makes its reader wait is waited for without holding a thread, as far as it can be awaited.</item>
/// <item>Nothing is lost: each failure reaches the caller, or the log where the call gives a result all the same (event 30; the trace listeners where no logger is set).</item>
/// <item>A cancellation is told by who asked for it: the caller's token gives an <see cref="OperationCanceledException"/> with that token. A failure beats a
/// cancellation. A cancellation that nobody had asked for is a failure, <see cref="ChildCanceledException"/>.</item>
/// <item>Work that finished is kept: if every item succeeded and the source was read to its end, the result is given even though a cancellation struck meanwhile.</item>
/// </list>
/// <para>All members may be called from any thread. Whatever a source or an item leaves behind is a failure of that source or item: an item whose delegate returns <see langword="null"/>
/// instead of a task fails with an <see cref="InvalidOperationException"/> that names its index.</para>
/// <para>The idea comes from Python's <c>asyncio.gather</c>, with the cancellation and the errors of <see cref="TaskGroup"/>.</para>
/// </remarks>
public static partial class Gather
{
}
