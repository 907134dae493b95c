using Async.Toolkit.Groups;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>What the packed state of a group says of itself, and how much it holds.</summary>
public sealed class GroupStateTests
{
    [Fact]
    public void It_says_where_the_group_stands()
    {
        Assert.Equal("Open, 0 running, 0 waiting, reason None", default(GroupState).ToString());
        var full = new GroupState
        {
            Phase = GroupPhase.Joining,
            Running = 3,
            Waiting = 4,
            Reason = CancellationReason.Timeout,
            Striking = true,
            Failed = true,
            Unfinished = true,
            BodyCanceled = true,
        };
        Assert.Equal("Joining, 3 running, 4 waiting, reason Timeout, striking, failed, unfinished, body canceled", full.ToString());
    }

    [Fact]
    public void It_counts_up_to_its_limit_and_refuses_what_is_above()
    {
        var state = new GroupState { Running = GroupState.MostChildren, Waiting = GroupState.MostChildren };
        Assert.Equal((134_217_727, 134_217_727), (state.Running, state.Waiting));
        Assert.Equal((GroupPhase.Open, CancellationReason.None, false), (state.Phase, state.Reason, state.Striking));
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => state.Running++);
        Assert.Equal("A task group holds at most 134217727 children at a time.", refused.Message);
    }

    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, true)]
    public void Each_mark_is_set_and_taken_back_alone(bool striking, bool failed, bool unfinished, bool bodyCanceled)
    {
        var state = new GroupState { Striking = striking, Failed = failed, Unfinished = unfinished, BodyCanceled = bodyCanceled };
        Assert.Equal((striking, failed, unfinished, bodyCanceled), (state.Striking, state.Failed, state.Unfinished, state.BodyCanceled));
        Assert.Equal((0, 0, GroupPhase.Open, CancellationReason.None), (state.Running, state.Waiting, state.Phase, state.Reason));
        (state.Striking, state.Failed, state.Unfinished, state.BodyCanceled) = (false, false, false, false);
        Assert.Equal(default, state);
    }
}
