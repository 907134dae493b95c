namespace Quickstart;

/// <summary>One idea of asynchronous programming, told by a short program that prints what it measured.</summary>
internal sealed record Idea(string Name, string Summary, Func<CancellationToken, Task> RunAsync);
