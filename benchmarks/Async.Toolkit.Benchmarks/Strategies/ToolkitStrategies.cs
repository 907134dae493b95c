namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>The ways of this library.</summary>
internal static class ToolkitStrategies
{
    public static Task GatherAsync(IEnumerable<int> source, int limit, Func<int, CancellationToken, ValueTask> body, CancellationToken cancellationToken) =>
        Gather.ForEachAsync(source, limit, body, cancellationToken);

    public static Task TaskGroupAsync(IEnumerable<int> source, int limit, Func<int, CancellationToken, ValueTask> body, CancellationToken cancellationToken) =>
        TaskGroup.RunAsync(
            new TaskGroupOptions { MaxConcurrency = limit },
            group =>
            {
                foreach (int item in source)
                {
                    group.Start((Body: body, Item: item), static (child, ct) => child.Body(child.Item, ct));
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);
}
