using System.Runtime.CompilerServices;
using Async.Toolkit.Tests.Fakes;
using Async.Toolkit.Timing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

/// <summary>One worker's limit over one item after another.</summary>
public sealed class ItemLimitTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _clock = new();
    private readonly CountingTime _counting;
    private readonly CancellationTokenSource _outer = new();
    private readonly ItemLimit _items;

    public ItemLimitTests()
    {
        _counting = new CountingTime(_clock);
        _items = new ItemLimit(_counting, Limit, "items", _outer.Token);
    }

    public void Dispose()
    {
        _items.Dispose();
        _outer.Dispose();
    }

    [Fact]
    public async Task Each_item_has_its_own_time_and_its_own_token_and_all_of_them_one_timer()
    {
        CancellationToken first = _items.Begin();
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Null(_items.End());
        Assert.Equal(LimitReason.None, _items.Reason);

        CancellationToken second = _items.Begin();
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(LimitReason.None, _items.Reason);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(LimitReason.Deadline, _items.Reason);
        await second.UntilCanceled().Cancellation();
        await (_items.End() ?? Task.CompletedTask).Guarded();
        Assert.False(first.IsCancellationRequested);

        CancellationToken third = _items.Begin();
        Assert.Equal(LimitReason.None, _items.Reason);
        Assert.False(third.IsCancellationRequested);
        Assert.Null(_items.End());
        Assert.Equal(1, _counting.Created);
    }

    [Fact]
    public async Task The_end_of_an_item_waits_for_the_callbacks_of_its_strike()
    {
        using var hold = new ManualResetEventSlim();
        var inCallback = new Gate();
        _items.Begin().Register(() =>
        {
            inCallback.Open();
            hold.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
        });
        _clock.Advance(Limit);
        await inCallback.Reached();

        Task quiet = _items.End()!;
        Assert.False(quiet.IsCompleted);
        hold.Set();
        await quiet.Guarded();
    }

    [Fact]
    public async Task The_outer_token_cancels_the_item_that_runs_and_every_later_one()
    {
        CancellationToken first = _items.Begin();
        await _outer.CancelAsync();
        await first.UntilCanceled().Cancellation();
        Assert.Equal(LimitReason.Caller, _items.Reason);
        await (_items.End() ?? Task.CompletedTask).Guarded();

        Assert.True(_items.Begin().IsCancellationRequested);
        Assert.Equal(LimitReason.Caller, _items.Reason);
        Assert.Null(_items.End());
    }

    [Fact]
    public void The_outer_token_canceled_between_two_items_cancels_the_next_one()
    {
        _items.Begin();
        Assert.Null(_items.End());
        _outer.Cancel();

        // No item runs that could be struck.
        Assert.Equal(LimitReason.None, _items.Reason);
        Assert.True(_items.Begin().IsCancellationRequested);
    }

    [Fact]
    public void An_outer_token_that_is_canceled_before_there_is_an_item_cancels_the_first_one()
    {
        using var items = new ItemLimit(_clock, Limit, "items", new CancellationToken(canceled: true));

        Assert.Equal(LimitReason.None, items.Reason);
        Assert.True(items.Begin().IsCancellationRequested);
        Assert.Equal(LimitReason.Caller, items.Reason);
        Assert.Null(items.End());
    }

    [Fact]
    public void Disposed_it_leaves_no_timer()
    {
        _items.Begin();
        Assert.Null(_items.End());
        _items.Dispose();
        Assert.Equal(0, _counting.Alive);
    }

    [Fact]
    public async Task Disposed_it_is_not_kept_by_the_outer_token()
    {
        Assert.True(await Used().IsCollected());
        Assert.False(_outer.IsCancellationRequested);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Used()
    {
        var items = new ItemLimit(_clock, Limit, "items", _outer.Token);
        items.Begin();
        items.End();
        items.Dispose();
        return new WeakReference(items);
    }
}
