using System.Diagnostics.Tracing;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// What tools outside of the process see: the task tree when they ask for it, and groups and children as they come and go. See docs/diagnostics-tree.md.
/// </summary>
/// <remarks>
/// A command is answered on the thread that brings it, so that it does not matter how busy the pool is, and under the runtime's own lock. So nothing of
/// the program is called then, and no lock is taken that the program's code can be holding.
/// </remarks>
[EventSource(Name = "Async-Toolkit")]
internal sealed class ToolkitEventSource : EventSource
{
    private IDisposable? _hold;
    private bool _tellsLives;
    private int _snapshots;

    private ToolkitEventSource()
    {
    }

    public static ToolkitEventSource Instance { get; } = new();

    /// <summary>Somebody wants to hear of each group and child.</summary>
    public bool TellsLives => Volatile.Read(ref _tellsLives);

    [Event(1, Level = EventLevel.Error, Message = "The request has no effect. {0}")]
    public void RequestRefused(string reason) => WriteEvent(1, reason);

    [Event(2, Level = EventLevel.Informational, Keywords = Keywords.Tree, Message = "Snapshot {0} begins: {1} nodes, and {2} that were left out.")]
    public void SnapshotBegan(int snapshot, int nodes, int leftOut) => WriteEvent(2, snapshot, nodes, leftOut);

    [Event(3, Level = EventLevel.Informational, Keywords = Keywords.Tree, Message = "Batch {1} of snapshot {0}: {2} of {3} nodes.")]
    public void SnapshotBatch(int snapshot, int sequence, int count, int nodes, string json) =>
        WriteEvent(3, (EventSourcePrimitive)snapshot, sequence, count, nodes, json);

    [Event(4, Level = EventLevel.Informational, Keywords = Keywords.Tree, Message = "Snapshot {0} ends: {1} batches, {2} nodes.")]
    public void SnapshotEnded(int snapshot, int batches, int nodes) => WriteEvent(4, snapshot, batches, nodes);

    [Event(10, Level = EventLevel.Verbose, Keywords = Keywords.Lives, Message = "Group '{1}' ({0}) began.")]
    public void GroupBegan(long group, string name) => WriteEvent(10, group, name);

    [Event(11, Level = EventLevel.Verbose, Keywords = Keywords.Lives, Message = "Group {0} ended: {1}.")]
    public void GroupEnded(long group, string outcome) => WriteEvent(11, group, outcome);

    [Event(12, Level = EventLevel.Verbose, Keywords = Keywords.Lives, Message = "Child {1} of group {0} began: {2} ({3}:{4}).")]
    public void ChildBegan(long group, long child, string name, string file, int line) =>
        WriteEvent(12, (EventSourcePrimitive)group, child, name, file, line);

    [Event(13, Level = EventLevel.Verbose, Keywords = Keywords.Lives, Message = "Child {1} of group {0} ended: {2}.")]
    public void ChildEnded(long group, long child, string outcome) => WriteEvent(13, (EventSourcePrimitive)group, child, outcome);

    /// <inheritdoc/>
    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        try
        {
            Obey(command);
        }
        catch (ArgumentException wrong)
        {
            RequestRefused(wrong.Message);
        }
        catch (Exception failure)
        {
            // Whoever watches must not be able to break what is watched.
            RequestRefused(failure.GetType().Name);
        }
    }

    [NonEvent]
    private void Obey(EventCommandEventArgs command)
    {
        var request = SnapshotRequest.Read(command.Arguments);

        // By now the source knows what its listeners want, this one included.
        bool isWatched = IsEnabled(EventLevel.Informational, Keywords.Tree);
        Volatile.Write(ref _tellsLives, IsEnabled(EventLevel.Verbose, Keywords.Lives));
        if (isWatched || _tellsLives)
        {
            _hold ??= LiveSwitch.Hold();
        }
        else
        {
            _hold?.Dispose();
            _hold = null;
        }

        if (request is null || command.Command == EventCommand.Disable)
        {
            return;
        }

        if (!isWatched)
        {
            throw new ArgumentException("Snapshot=tree: it needs the level 4 (informational) or higher, and the keyword 1.");
        }

        Send(new TreeCapture(request.MaxNodes, mayAskClocks: false).Run());
    }

    [NonEvent]
    private void Send(TaskTreeSnapshot tree)
    {
        int snapshot = ++_snapshots;
        int sequence = 0;
        SnapshotBegan(snapshot, tree.Nodes.Count, tree.LeftOut);
        foreach ((int count, string json) in TreeJson.Batches(tree.Nodes))
        {
            SnapshotBatch(snapshot, sequence++, count, tree.Nodes.Count, json);
        }

        SnapshotEnded(snapshot, sequence, tree.Nodes.Count);
    }

    /// <summary>The names by which listeners choose.</summary>
    public static class Keywords
    {
        public const EventKeywords Tree = (EventKeywords)1;
        public const EventKeywords Lives = (EventKeywords)2;
    }
}
