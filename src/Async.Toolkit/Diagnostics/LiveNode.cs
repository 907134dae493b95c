namespace Async.Toolkit.Diagnostics;

/// <summary>
/// Something that runs and that the task tree shows. It is its own place in the registry's lists, so that being seen costs no further object.
/// </summary>
internal abstract class LiveNode : LiveScope
{
    /// <summary>Neighbours in the registry; guarded by it.</summary>
    public LiveNode? Previous;
    public LiveNode? Next;

    /// <summary>Names the node for as long as the process lives; given by the registry.</summary>
    public long Id { get; set; }

    /// <summary>When it began, on the scale of <see cref="LiveClock"/>.</summary>
    public long Started { get; protected set; } = LiveClock.Unknown;

    /// <summary>The name that the node's counts go by; <see langword="null"/> for what is no group.</summary>
    public virtual string? GroupName => null;

    /// <summary>How many children run at this moment.</summary>
    public virtual int ActiveChildren => 0;

    /// <summary>How many children have been called since it began. Never less than it was.</summary>
    public virtual long CalledChildren => 0;

    /// <summary>What it was started from, where that was followed.</summary>
    public LiveScope? Parent { get; protected set; }

    /// <summary>Tells how it stands. Called from any thread, at any time; runs no user code and waits for nobody.</summary>
    public abstract void Describe(LiveView view);

    /// <summary>Adds the children, those that somebody looks for and as many others as there is room for.</summary>
    public virtual void AddChildren(LiveChildren children, LiveView view)
    {
    }
}
