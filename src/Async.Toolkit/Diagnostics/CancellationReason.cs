namespace Async.Toolkit;

/// <summary>Why the token of a <see cref="TaskGroup"/> was canceled. The first reason stays.</summary>
public enum CancellationReason
{
    /// <summary>It was not canceled.</summary>
    None,

    /// <summary>The token that the caller handed to the group was canceled.</summary>
    Caller,

    /// <summary>The group's <see cref="TaskGroupOptions.Timeout"/> passed.</summary>
    Timeout,

    /// <summary>A child or the body failed.</summary>
    Failure,

    /// <summary><see cref="TaskGroup.Cancel"/> was called.</summary>
    Requested,

    /// <summary>The group was disposed without having been joined.</summary>
    Disposed,
}
