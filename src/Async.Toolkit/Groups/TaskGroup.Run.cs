using System.Runtime.CompilerServices;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit;

public sealed partial class TaskGroup
{
    /// <summary>Starts a child and gives its task.</summary>
    /// <remarks>
    /// <para>The child is called on the thread pool (see <see cref="TaskGroupOptions.ChildContext"/>), as soon as
    /// <see cref="TaskGroupOptions.MaxConcurrency"/> allows. Children are taken in the order of the calls; on several threads of the pool their first
    /// statements may overlap. Its failure is treated as <see cref="TaskGroupOptions.FailurePolicy"/> says; its cancellation, once
    /// it was asked for, is no failure.</para>
    /// <para>In a group that is being canceled the child is never called and the returned task is canceled already. The task ends with the child's own outcome: its result, all of its failures, or canceled. Nobody has to observe it, and its continuations run on the thread pool.</para>
    /// </remarks>
    /// <param name="child">Gets the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <returns>The child's task.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="child"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The group has ended.</exception>
    [OverloadResolutionPriority(1)]
    public Task Run(Func<CancellationToken, ValueTask> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        return Run<ValueTaskOperation<CancellationToken>, Unit>(null, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public Task Run(Func<CancellationToken, Task> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        return Run<TaskOperation<CancellationToken>, Unit>(null, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="child">Gets the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public Task<T> Run<T>(Func<CancellationToken, ValueTask<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        return Run<ValueTaskOperation<CancellationToken, T>, T>(null, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="child">Gets the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public Task<T> Run<T>(Func<CancellationToken, Task<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        return Run<TaskOperation<CancellationToken, T>, T>(null, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <param name="child">Gets the state and the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public Task Run<TState>(TState state, Func<TState, CancellationToken, ValueTask> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        return Run<StateValueTaskOperation<TState, CancellationToken>, Unit>(null, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <param name="child">Gets the state and the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public Task Run<TState>(TState state, Func<TState, CancellationToken, Task> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        return Run<StateTaskOperation<TState, CancellationToken>, Unit>(null, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="child">Gets the state and the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public Task<T> Run<TState, T>(TState state, Func<TState, CancellationToken, ValueTask<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        return Run<StateValueTaskOperation<TState, CancellationToken, T>, T>(null, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="child">Gets the state and the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public Task<T> Run<TState, T>(TState state, Func<TState, CancellationToken, Task<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        return Run<StateTaskOperation<TState, CancellationToken, T>, T>(null, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public Task Run(ChildOptions options, Func<CancellationToken, ValueTask> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        return Run<ValueTaskOperation<CancellationToken>, Unit>(options, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public Task Run(ChildOptions options, Func<CancellationToken, Task> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        return Run<TaskOperation<CancellationToken>, Unit>(options, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public Task<T> Run<T>(ChildOptions options, Func<CancellationToken, ValueTask<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        return Run<ValueTaskOperation<CancellationToken, T>, T>(options, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public Task<T> Run<T>(ChildOptions options, Func<CancellationToken, Task<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        return Run<TaskOperation<CancellationToken, T>, T>(options, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the state and the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public Task Run<TState>(ChildOptions options, TState state, Func<TState, CancellationToken, ValueTask> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        return Run<StateValueTaskOperation<TState, CancellationToken>, Unit>(options, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the state and the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public Task Run<TState>(ChildOptions options, TState state, Func<TState, CancellationToken, Task> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        return Run<StateTaskOperation<TState, CancellationToken>, Unit>(options, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the state and the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public Task<T> Run<TState, T>(ChildOptions options, TState state, Func<TState, CancellationToken, ValueTask<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        return Run<StateValueTaskOperation<TState, CancellationToken, T>, T>(options, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the state and the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public Task<T> Run<TState, T>(ChildOptions options, TState state, Func<TState, CancellationToken, Task<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        return Run<StateTaskOperation<TState, CancellationToken, T>, T>(options, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    private Task<T> Run<TOperation, T>(ChildOptions? options, TOperation operation, CallerSite site)
        where TOperation : struct, IOperation<CancellationToken, T>
    {
        var work = new RunWork<TOperation, T>(operation);
        Add(options, work, site);
        return work.Task;
    }
}
