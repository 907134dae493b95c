using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>A few operations of different types at once: each is a child of the group, and there is no source.</summary>
internal sealed class TupleRun<TTuple>(Func<TTuple> collect) : IGroupEnd
{
    private readonly GatherEnd<TTuple> _end = new();

    public static Task<TTuple> Start(Func<TTuple> collect, ReadOnlySpan<IChildWork> operations, CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled<TTuple>(token);
        }

        var run = new TupleRun<TTuple>(collect);
        var core = new GroupCore(GatherOptions.Default.GroupOptions, run, hasBody: false, token);
        for (int index = 0; index < operations.Length; index++)
        {
            core.Add(operations[index], CallerSite.Given($"operation {index + 1}", "", 0));
        }

        core.OnBodySucceeded();
        return run._end.Task;
    }

    public void Complete(GroupOutcome outcome, GroupCore group) =>
        _end.Complete(outcome, group, outcome == GroupOutcome.Result ? collect() : default!, []);

    public void Describe(LiveView view) => view.Kind = TaskTreeNodeKind.Gather;
}

/// <summary>A delegate that returns a task, and that is told by its number where it returns none.</summary>
internal readonly struct NumberedTaskOperation<T>(Func<CancellationToken, Task<T>> call, int number) : IOperation<CancellationToken, T>
{
    public Task? Begin(CancellationToken arg, out T result) =>
        Pending.From(call(arg) ?? throw new InvalidOperationException($"Operation {number} returned null where a task was expected."), out result);

    public T ResultOf(Task succeeded) => ((Task<T>)succeeded).Result;
}

/// <summary>One operation of a tuple, and its result.</summary>
internal sealed class TupleOperation<T>(IOperation<CancellationToken, T> operation, int number) : IChildWork
{
    private T _result = default!;

    /// <summary>Only once the operation has succeeded.</summary>
    public T Result => _result;

    public bool HasTask => false;

    public CancellationToken OwnToken => default;

    public string Label => $"operation {number}";

    public Task? Begin(CancellationToken groupToken) => operation.Begin(groupToken, out _result);

    public void Succeed(Task? finished)
    {
        if (finished is not null)
        {
            _result = operation.ResultOf(finished);
        }
    }

    public void Fail(IReadOnlyList<Exception> failures)
    {
    }

    public void Cancel(CancellationToken token)
    {
    }
}
