using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Testing;

/// <summary>
/// A group under which the task tree shows whatever a body begins. It has no children and no work of its own, and ends with the run, whatever becomes of the
/// body.
/// </summary>
internal sealed class RunScope
{
    private const string Prefix = "VirtualTime ";

    // A name tells the run in the tree, and is a tag of metrics: only as many as there are runs at once.
    private static readonly ConcurrentQueue<string> FreeNames = new();
    private static int _names;

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isLeft;

    public string Name { get; } = FreeNames.TryDequeue(out string? name) ? name : $"{Prefix}{Interlocked.Increment(ref _names)}";

    public static bool IsScope(TaskTreeNode node) => node.Kind == TaskTreeNodeKind.Group && node.Name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Calls the body within the scope; what it begins, across its awaits, belongs there.</summary>
    public Task Enter(Func<Task> body)
    {
        Task? result = null;
        ExceptionDispatchInfo? failure = null;
        _ = TaskGroup.RunAsync(new TaskGroupOptions { Name = Name, FollowChildren = true }, _ =>
        {
            try
            {
                result = body();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown); // the run's, not this group's
            }

            return new ValueTask(_end.Task);
        });
        failure?.Throw();
        return result!;
    }

    public void Leave()
    {
        if (Interlocked.Exchange(ref _isLeft, 1) == 0)
        {
            _end.SetResult();
            FreeNames.Enqueue(Name);
        }
    }
}
