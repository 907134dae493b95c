namespace Harvest.Server;

/// <summary>How the server's requests ended. Counted from many threads at once.</summary>
internal sealed class ServerLog
{
    private int _succeeded;
    private int _failed;
    private int _abandoned;

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
