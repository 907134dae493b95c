namespace Async.Toolkit.Testing;

/// <summary>An armed timer, for messages.</summary>
internal readonly record struct PendingTimer(string Owner, TimeSpan DueIn, TimeSpan Period);
