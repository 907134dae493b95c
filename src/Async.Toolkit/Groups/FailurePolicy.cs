namespace Async.Toolkit;

/// <summary>What a <see cref="TaskGroup"/> does when one of its children fails.</summary>
public enum FailurePolicy
{
    /// <summary>The first failure, of a child or of the body, cancels the group's token; the rest is awaited, then the failures are thrown. The default.</summary>
    CancelSiblings,

    /// <summary>Nobody is canceled, not even by the body's failure; when everything has ended, all failures are thrown.</summary>
    WaitForAll,

    /// <summary>
    /// A child's failure stays on the task that <c>Run</c> returned, in <see cref="TaskGroupOptions.ChildFailed"/> and in the log, and the
    /// group goes on: a supervisor. The body's failure cancels and fails the group.
    /// </summary>
    /// <remarks>
    /// No failure is lost: that of a child started with <c>Start</c>, in a group with neither a <see cref="TaskGroupOptions.ChildFailed"/>
    /// handler nor a logger, has nowhere else to go and is thrown when the group ends, without having canceled anybody.
    /// </remarks>
    Isolate,
}
