using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Gathering;

/// <summary>What the task tree sees of a call, whatever the types of its items and results.</summary>
internal interface ILiveGather
{
    void Describe(LiveView view);

    void DescribeItem(LiveView view, long item);
}
