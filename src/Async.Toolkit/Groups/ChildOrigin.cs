using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>
/// Where a child comes from: the place in the code and the context of the call. Children of one loop share one object, so that each of them costs
/// a reference only.
/// </summary>
/// <param name="group">The group that the child belongs to: here, because every child would pay for a reference of its own.</param>
/// <param name="context">What the child's <see cref="AsyncLocal{T}"/>s are; <see langword="null"/> where the flow was suppressed.</param>
/// <param name="site">Where it was started, and its name.</param>
internal sealed class ChildOrigin(GroupCore group, ExecutionContext? context, CallerSite site)
{
    public GroupCore Group => group;

    public ExecutionContext? Context => context;

    public CallerSite Site => site;

    public bool Is(ExecutionContext? otherContext, in CallerSite otherSite) =>
        ReferenceEquals(context, otherContext) && site.IsSameAs(otherSite);
}
