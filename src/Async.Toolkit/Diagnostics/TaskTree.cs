using Async.Toolkit.Internal;

namespace Async.Toolkit.Diagnostics;

/// <summary>Shows what runs in this process now: which groups, gathers and children there are, under whom, since when, and what they wait for.</summary>
/// <remarks>
/// <para>What is always there: every group, gather, loop over pages and semaphore with waiters, with its counts, the children that run, by name,
/// file and line, and items by their number. Parents are found by the token that a call was given.</para>
/// <para>While the tree is on, children are followed too: each has a number and an age, and whatever is started within it stands below it, across awaits,
/// whatever token it was given. That costs a child 96 bytes, more where many <see cref="AsyncLocal{T}"/>s are set. The tree is on while somebody holds
/// <see cref="Enable"/>, while somebody outside listens to the event source <c>Async-Toolkit</c>, for groups with
/// <see cref="TaskGroupOptions.FollowChildren"/>, and always where the <see cref="AppContext"/> switch <c>Async.Toolkit.TaskTree</c> was set before the
/// library's first use. Children that were started before it was on are shown as they are while it is off.</para>
/// <para>The values of arguments and results never appear. All members may be called from any thread at any time, also from within children; nothing
/// that runs is held up. The idea comes from Python's <c>asyncio pstree</c>, from Kotlin's <c>DebugProbes</c> and from dotnet/coreclr#14994.</para>
/// </remarks>
public static class TaskTree
{
    /// <summary>Whether children are followed at this moment, in all groups.</summary>
    public static bool IsEnabled => LiveSwitch.IsOn;

    /// <summary>Turns the tree on until the result is disposed. Several may hold it at once.</summary>
    /// <returns>Turns it off again when disposed, if nobody else holds it; a second disposal does nothing.</returns>
    public static IDisposable Enable() => LiveSwitch.Hold();

    /// <summary>Takes a picture of what runs now.</summary>
    /// <remarks>
    /// It reads the clocks of the groups that it lists (<see cref="TaskGroupOptions.TimeProvider"/>); no other code of the program is called. Groups,
    /// gathers and loops over pages have room first, from the top down, each together with the child that it was opened in; then semaphores and all other
    /// children, from the top down as well.
    /// </remarks>
    /// <param name="maxNodes">The most nodes that the snapshot lists, from 1; what is left out is counted.</param>
    /// <returns>The snapshot.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxNodes"/> is zero or negative.</exception>
    public static TaskTreeSnapshot Capture(int maxNodes = SnapshotRequest.DefaultMaxNodes) =>
        new TreeCapture(Check.Positive(maxNodes, nameof(maxNodes))!.Value, mayAskClocks: true).Run();
}
