using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>Which workers of the pool count as the host's.</summary>
public sealed class HostWorkersTests
{
    private readonly HostWorkers _hosts = new();
    private long _completed;
    private int _now;

    public HostWorkersTests() => BeginAnew();

    [Fact]
    public void Workers_that_stay_busy_are_counted_after_a_while_and_no_sooner()
    {
        See(busy: 2, forMilliseconds: 99);
        Assert.Equal(0, _hosts.Count);
        See(busy: 2, forMilliseconds: 2);
        Assert.Equal(2, _hosts.Count);
    }

    [Fact]
    public void A_worker_that_got_busy_behind_the_beginning_is_never_counted()
    {
        See(busy: 2, forMilliseconds: 1);
        See(busy: 3, forMilliseconds: 1_000);
        Assert.Equal(0, _hosts.Count);
        See(busy: 2, forMilliseconds: 100);
        Assert.Equal(2, _hosts.Count);
        See(busy: 3, forMilliseconds: 1_000);
        Assert.Equal(2, _hosts.Count);
    }

    [Fact]
    public void Where_the_pool_was_seen_empty_no_worker_is_ever_counted()
    {
        _hosts.NoteRest(Now);
        See(busy: 1, forMilliseconds: 1_000);
        Assert.Equal(0, _hosts.Count);
    }

    [Fact]
    public void The_count_falls_with_the_busy_ones_and_does_not_rise_again_until_all_begins_anew()
    {
        See(busy: 2, forMilliseconds: 200);
        See(busy: 1, forMilliseconds: 1);
        Assert.Equal(1, _hosts.Count);
        See(busy: 2, forMilliseconds: 1_000);
        Assert.Equal(1, _hosts.Count);
        BeginAnew();
        See(busy: 2, forMilliseconds: 200);
        Assert.Equal(2, _hosts.Count);
    }

    [Fact]
    public void A_pool_whose_items_end_is_not_counted_but_one_with_a_heartbeat_is()
    {
        for (int i = 0; i < 200; i++)
        {
            _completed++;
            See(busy: 1, forMilliseconds: 10);
        }

        Assert.Equal(0, _hosts.Count);
        for (int i = 0; i < 3; i++)
        {
            _completed++;
            See(busy: 1, forMilliseconds: 50);
        }

        Assert.Equal(1, _hosts.Count);
    }

    [Fact]
    public void No_more_are_counted_than_were_busy_at_a_call_and_no_sooner_than_any()
    {
        _now = 5_000;
        _hosts.NoteCall(most: 1, Now);
        See(busy: 2, forMilliseconds: 1_000);
        Assert.Equal(0, _hosts.Count);
        _hosts.NoteCall(most: 1, Now);
        See(busy: 1, forMilliseconds: 19);
        Assert.Equal(0, _hosts.Count);
        See(busy: 1, forMilliseconds: 2);
        Assert.Equal(1, _hosts.Count);
        _hosts.NoteCall(most: 0, Now);
        Assert.Equal(0, _hosts.Count);
    }

    [Fact]
    public void Anew_no_more_are_counted_than_were_busy_when_those_called_who_wait()
    {
        BeginAnew(most: 1);
        See(busy: 2, forMilliseconds: 1_000);
        Assert.Equal(0, _hosts.Count);
        See(busy: 1, forMilliseconds: 25);
        Assert.Equal(1, _hosts.Count);
    }

    [Theory, InlineData(1), InlineData(2)]
    public void A_host_that_takes_a_thread_is_in_doubt_until_rest_is_seen_or_all_begins_anew(int left)
    {
        See(busy: 2, forMilliseconds: 200);
        _hosts.NoteBeginning(Now);
        See(left, forMilliseconds: 10);
        _hosts.NoteRest(Now);
        See(busy: left + 1, forMilliseconds: 1_000, runsAreInside: true);
        Assert.False(_hosts.IsInDoubt);
        See(busy: left + 1, forMilliseconds: 99);
        Assert.False(_hosts.IsInDoubt);
        See(busy: left + 1, forMilliseconds: 2);
        Assert.True(_hosts.IsInDoubt);

        _hosts.NoteRest(Now);
        See(busy: left + 1, forMilliseconds: 99);
        Assert.False(_hosts.IsInDoubt);
        See(busy: left + 1, forMilliseconds: 2);
        Assert.True(_hosts.IsInDoubt);

        BeginAnew();
        See(busy: left + 1, forMilliseconds: 200);
        _hosts.NoteBeginning(Now);
        Assert.False(_hosts.IsInDoubt);
        Assert.Equal(left + 1, _hosts.Count);
    }

    [Fact]
    public void Without_a_host_there_is_doubt_about_what_stays_busy_too()
    {
        _hosts.NoteBeginning(Now);
        _hosts.NoteRest(Now);
        See(busy: 1, forMilliseconds: 99);
        Assert.False(_hosts.IsInDoubt);
        See(busy: 1, forMilliseconds: 2);
        Assert.True(_hosts.IsInDoubt);
    }

    [Theory, InlineData(1, false), InlineData(0, true)]
    public void A_worker_is_not_counted_while_anything_waits_or_is_at_work_for_a_run(int pending, bool runsAreInside)
    {
        See(busy: 1, forMilliseconds: 1_000, pending, runsAreInside);
        Assert.Equal(0, _hosts.Count);
        See(busy: 1, forMilliseconds: 25);
        Assert.Equal(1, _hosts.Count);
    }

    private TimeSpan Now => TimeSpan.FromMilliseconds(_now);

    private void BeginAnew(int most = int.MaxValue) => _hosts.BeginAnew(most, Now);

    private void See(int busy, int forMilliseconds, int pending = 0, bool runsAreInside = false)
    {
        for (int i = 0; i < forMilliseconds; i++)
        {
            _hosts.NoteUnrest(new(busy, pending, _completed, runsAreInside), TimeSpan.FromMilliseconds(_now++));
        }
    }
}
