namespace Async.Toolkit.Internal;

/// <summary>One call of a user's delegate, whatever its shape. Struct implementations keep the hot path free of boxes.</summary>
internal interface IOperation<in TArg, T>
{
    /// <summary>
    /// Calls the delegate. <see langword="null"/> means it has succeeded already and <paramref name="result"/> holds
    /// its value; otherwise the task that is running, failed or canceled.
    /// </summary>
    Task? Begin(TArg arg, out T result);

    /// <summary>The value of a task that <see cref="Begin"/> gave and that has succeeded since.</summary>
    T ResultOf(Task succeeded);
}

internal readonly struct ValueTaskOperation<TArg>(Func<TArg, ValueTask> call) : IOperation<TArg, Unit>
{
    public Task? Begin(TArg arg, out Unit result) => Pending.From(call(arg), out result);

    public Unit ResultOf(Task succeeded) => default;
}

internal readonly struct TaskOperation<TArg>(Func<TArg, Task> call) : IOperation<TArg, Unit>
{
    public Task? Begin(TArg arg, out Unit result) => Pending.From(call(arg), out result);

    public Unit ResultOf(Task succeeded) => default;
}

internal readonly struct ValueTaskOperation<TArg, T>(Func<TArg, ValueTask<T>> call) : IOperation<TArg, T>
{
    public Task? Begin(TArg arg, out T result) => Pending.From(call(arg), out result);

    public T ResultOf(Task succeeded) => ((Task<T>)succeeded).Result;
}

internal readonly struct TaskOperation<TArg, T>(Func<TArg, Task<T>> call) : IOperation<TArg, T>
{
    public Task? Begin(TArg arg, out T result) => Pending.From(call(arg), out result);

    public T ResultOf(Task succeeded) => ((Task<T>)succeeded).Result;
}

internal readonly struct StateValueTaskOperation<TState, TArg>(TState state, Func<TState, TArg, ValueTask> call) : IOperation<TArg, Unit>
{
    public Task? Begin(TArg arg, out Unit result) => Pending.From(call(state, arg), out result);

    public Unit ResultOf(Task succeeded) => default;
}

internal readonly struct StateTaskOperation<TState, TArg>(TState state, Func<TState, TArg, Task> call) : IOperation<TArg, Unit>
{
    public Task? Begin(TArg arg, out Unit result) => Pending.From(call(state, arg), out result);

    public Unit ResultOf(Task succeeded) => default;
}

internal readonly struct StateValueTaskOperation<TState, TArg, T>(TState state, Func<TState, TArg, ValueTask<T>> call) : IOperation<TArg, T>
{
    public Task? Begin(TArg arg, out T result) => Pending.From(call(state, arg), out result);

    public T ResultOf(Task succeeded) => ((Task<T>)succeeded).Result;
}

internal readonly struct StateTaskOperation<TState, TArg, T>(TState state, Func<TState, TArg, Task<T>> call) : IOperation<TArg, T>
{
    public Task? Begin(TArg arg, out T result) => Pending.From(call(state, arg), out result);

    public T ResultOf(Task succeeded) => ((Task<T>)succeeded).Result;
}
