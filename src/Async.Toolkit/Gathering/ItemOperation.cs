using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>The user's delegate, whatever its shape.</summary>
internal abstract class ItemOperation<TSource, T>
{
    /// <summary>
    /// Calls the delegate. <see langword="null"/> means it has succeeded already and <paramref name="result"/> holds
    /// its value; otherwise the task that is running, failed or canceled.
    /// </summary>
    public abstract Task? Begin(TSource item, long index, CancellationToken token, out T result);

    /// <summary>The value of a task that <see cref="Begin"/> gave and that has succeeded since.</summary>
    public virtual T ResultOf(Task succeeded) => ((Task<T>)succeeded).Result;

    /// <summary>Nothing runs any more; called once.</summary>
    public virtual void Close()
    {
    }

    protected static InvalidOperationException ReturnedNull(long index) =>
        new($"The delegate returned null where a task was expected, for item {index}.");
}

internal sealed class ValueTaskItemOperation<TSource, T>(Func<TSource, CancellationToken, ValueTask<T>> call) : ItemOperation<TSource, T>
{
    public override Task? Begin(TSource item, long index, CancellationToken token, out T result) => Pending.From(call(item, token), out result);
}

internal sealed class TaskItemOperation<TSource, T>(Func<TSource, CancellationToken, Task<T>> call) : ItemOperation<TSource, T>
{
    public override Task? Begin(TSource item, long index, CancellationToken token, out T result) =>
        Pending.From(call(item, token) ?? throw ReturnedNull(index), out result);
}

internal sealed class ValueTaskItemOperation<TSource>(Func<TSource, CancellationToken, ValueTask> call) : ItemOperation<TSource, Unit>
{
    public override Task? Begin(TSource item, long index, CancellationToken token, out Unit result) => Pending.From(call(item, token), out result);

    public override Unit ResultOf(Task succeeded) => default;
}

internal sealed class TaskItemOperation<TSource>(Func<TSource, CancellationToken, Task> call) : ItemOperation<TSource, Unit>
{
    public override Task? Begin(TSource item, long index, CancellationToken token, out Unit result) =>
        Pending.From(call(item, token) ?? throw ReturnedNull(index), out result);

    public override Unit ResultOf(Task succeeded) => default;
}

internal sealed class DroppedValueItemOperation<TSource, T>(Func<TSource, CancellationToken, ValueTask<T>> call) : ItemOperation<TSource, Unit>
{
    public override Task? Begin(TSource item, long index, CancellationToken token, out Unit result)
    {
        result = default;
        return Pending.From(call(item, token), out _);
    }

    public override Unit ResultOf(Task succeeded) => default;
}
