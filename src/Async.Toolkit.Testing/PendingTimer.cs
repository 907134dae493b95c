namespace Async.Toolkit.Testing;

/// <summary>An armed timer or another wait for the clock, for messages.</summary>
internal readonly record struct PendingTimer(string Name, TimeSpan DueIn, TimeSpan Period);
