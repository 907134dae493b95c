using Async.Toolkit.Internal;

namespace Async.Toolkit.Timing;

/// <summary>As <see cref="TaskOperation{TArg, T}"/>, but gives a task that has succeeded already too: it can be handed on instead of a new one.</summary>
internal readonly struct KeptTaskOperation<T>(Func<CancellationToken, Task<T>> call) : IOperation<CancellationToken, T>
{
    public Task? Begin(CancellationToken arg, out T result) => KeptTask.From(call(arg), out result);

    public T ResultOf(Task succeeded) => ((Task<T>)succeeded).Result;
}

/// <summary>As <see cref="KeptTaskOperation{T}"/>, with a state.</summary>
internal readonly struct KeptStateTaskOperation<TState, T>(TState state, Func<TState, CancellationToken, Task<T>> call) : IOperation<CancellationToken, T>
{
    public Task? Begin(CancellationToken arg, out T result) => KeptTask.From(call(state, arg), out result);

    public T ResultOf(Task succeeded) => ((Task<T>)succeeded).Result;
}

internal static class KeptTask
{
    public static Task? From<T>(Task<T> returned, out T result) => Pending.From(returned, out result) ?? returned;
}
