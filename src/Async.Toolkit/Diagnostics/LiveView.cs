namespace Async.Toolkit.Diagnostics;

/// <summary>What is known of a node while a snapshot is being made.</summary>
/// <param name="mayAskClocks">Whether the clocks of the work, which may be user code, may be asked for the time.</param>
internal sealed class LiveView(bool mayAskClocks)
{
    public TaskTreeNodeKind Kind { get; set; }

    public string? Id { get; set; }

    public string Name { get; set; } = "";

    public string? File { get; set; }

    public int Line { get; set; }

    public TaskTreeState State { get; set; }

    public CancellationReason Reason { get; set; }

    public TimeSpan? Age { get; set; }

    public int Running { get; set; }

    public int Waiting { get; set; }

    public int LeftOut { get; set; }

    public string Detail { get; set; } = "";

    public string? WaitsFor { get; set; }

    /// <summary>The token that work within this node gets: who was called with it belongs here.</summary>
    public CancellationToken Token { get; set; }

    /// <summary>The tokens that it was called with itself.</summary>
    public CancellationToken CallerToken { get; set; }

    public CancellationToken SecondToken { get; set; }

    /// <summary>It is among those that there is room for.</summary>
    public bool IsKept { get; set; }

    public LiveView? Parent { get; set; }

    public List<LiveView> Below { get; } = [];

    /// <summary>Who waits in the queue of a semaphore: as far as it was followed, and the token that it waits with.</summary>
    public List<(LiveScope? Scope, CancellationToken Token)> Waiters { get; } = [];

    public string[] WaiterIds { get; set; } = [];

    /// <summary>The time of the work's own clock, or <see cref="LiveClock.Unknown"/>.</summary>
    public long Now(TimeProvider time) => LiveClock.Now(time, mayAskClocks);

    public LiveView NewChild() => new(mayAskClocks) { Parent = this };
}
