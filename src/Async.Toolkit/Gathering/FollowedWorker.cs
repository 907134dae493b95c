using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Gathering;

/// <summary>A worker of a gather whose items are followed: apart, since one that is not may be needed for every item and has no room to spare.</summary>
internal sealed class FollowedWorker<TSource, T>(GatherRun<TSource, T> run) : Worker<TSource, T>(run)
{
    private readonly TimeProvider _time = run.Core.Options.TimeProvider;
    private LiveChild? _item;

    public override LiveChild? Live => _item;

    protected override void Enter(long index)
    {
        _item = new LiveChild((uint)index, LiveClock.Now(_time, mayAsk: true));
        _item.Enter();
    }
}
