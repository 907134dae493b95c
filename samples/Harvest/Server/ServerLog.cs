namespace Harvest.Server;

/// <summary>How many of the server's requests were under way at once, and how they ended. Counted from many threads at once.</summary>
internal sealed class ServerLog
{
    private readonly Lock _gate = new();
    private int _underWay;
    private int _mostAtOnce;
    private int _succeeded;
    private int _failed;
    private int _abandoned;

    /// <summary>A request has come in. It is under way until <see cref="Left"/> is called.</summary>
    public void Entered()
    {
        lock (_gate)
        {
            _mostAtOnce = Math.Max(_mostAtOnce, ++_underWay);
        }
    }

    public void Left()
    {
        lock (_gate)
        {
            _underWay--;
        }
    }

    /// <summary>Gives the most requests that were under way at once since the last call, and begins anew.</summary>
    public int TakeMostAtOnce()
    {
        lock (_gate)
        {
            int most = _mostAtOnce;
            _mostAtOnce = _underWay;
            return most;
        }
    }

    public void Answered(bool succeeded)
    {
        if (succeeded)
        {
            Interlocked.Increment(ref _succeeded);
        }
        else
        {
            Interlocked.Increment(ref _failed);
        }
    }

    /// <summary>The client hung up before it had its answer.</summary>
    public void Abandoned() => Interlocked.Increment(ref _abandoned);

    public override string ToString() => $"{_succeeded:N0} requests answered, {_failed:N0} failed, {_abandoned:N0} broken off by the client";
}
