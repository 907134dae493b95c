namespace Harvest.Server;

/// <summary>What a server saw in a stretch of time.</summary>
internal readonly record struct ServerTally(int MostAtOnce, int MostInASecond, int Succeeded, int TurnedAway, int Failed, int Abandoned)
{
    /// <summary>The load, and the trouble where there was any.</summary>
    public override string ToString()
    {
        string load = $"at most {MostAtOnce:N0} at once and {MostInASecond:N0} in a second";
        string turnedAway = TurnedAway > 0 ? $", {TurnedAway:N0} turned away" : "";
        string failed = Failed > 0 ? $", {Failed:N0} failed" : "";
        string abandoned = Abandoned > 0 ? $", {Abandoned:N0} broken off by the client" : "";
        return load + turnedAway + failed + abandoned;
    }
}
