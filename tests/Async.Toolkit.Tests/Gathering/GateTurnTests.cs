using Async.Toolkit.Gathering;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>The turns of the workers at the gate, one step at a time.</summary>
public sealed class GateTurnTests
{
    private readonly SourceGate _gate = new();

    [Fact]
    public async Task A_gate_that_was_left_just_before_the_parking_is_held_when_the_worker_goes_on()
    {
        var resumed = new Gate();
        new GateTurn(_gate).Enter().UnsafeOnCompleted(resumed.Open);

        await resumed.Reached();
        Assert.False(_gate.TryEnter(patient: false));
        _gate.Exit();
        Assert.True(_gate.TryEnter(patient: false));
    }

    [Fact]
    public async Task A_worker_that_is_parked_goes_on_when_it_holds_the_gate()
    {
        Gate[] resumed = [new(), new()];
        Assert.True(_gate.TryEnter(patient: true));
        foreach (Gate one in resumed)
        {
            GateTurn turn = new GateTurn(_gate).Enter();
            Assert.False(turn.IsCompleted);
            turn.OnCompleted(one.Open);
        }

        _gate.Exit();
        await Task.WhenAny(resumed[0].Opened, resumed[1].Opened).Guarded();
        Assert.False(_gate.TryEnter(patient: false));
        Assert.NotEqual(resumed[0].IsOpen, resumed[1].IsOpen);

        _gate.Exit();
        await Task.WhenAll(resumed[0].Opened, resumed[1].Opened).Guarded();
        _gate.Exit();
        Assert.True(_gate.TryEnter(patient: false));
    }

    [Fact]
    public async Task A_hop_goes_on_whoever_holds_the_gate()
    {
        var resumed = new Gate();
        Assert.True(_gate.TryEnter(patient: false));
        GateTurn turn = new GateTurn(_gate).Hop();

        Assert.False(turn.IsCompleted);
        turn.OnCompleted(resumed.Open);
        await resumed.Reached();
    }
}
