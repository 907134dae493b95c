using System.Runtime.CompilerServices;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit;

public sealed partial class TaskGroup
{
    /// <summary>Starts a child that the group alone answers for: there is no task to forget.</summary>
    /// <remarks>
    /// <para>The child is called on the thread pool (see <see cref="TaskGroupOptions.ChildContext"/>), as soon as
    /// <see cref="TaskGroupOptions.MaxConcurrency"/> allows. Children are taken in the order of the calls; on several threads of the pool their first
    /// statements may overlap. Its failure is treated as <see cref="TaskGroupOptions.FailurePolicy"/> says; its cancellation, once
    /// it was asked for, is no failure. A value that it returns is dropped.</para>
    /// <para>In a group that is being canceled the child is never called.</para>
    /// </remarks>
    /// <param name="child">Gets the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="child"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The group has ended.</exception>
    [OverloadResolutionPriority(1)]
    public void Start(Func<CancellationToken, ValueTask> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        Core.Add(child, CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public void Start(Func<CancellationToken, Task> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        Core.Add(child, CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="T">The type of the value that is dropped.</typeparam>
    /// <param name="child">Gets the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public void Start<T>(Func<CancellationToken, ValueTask<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        Start<ValueTaskOperation<CancellationToken, T>, T>(null, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <param name="child">Gets the state and the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public void Start<TState>(TState state, Func<TState, CancellationToken, ValueTask> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        Start<StateValueTaskOperation<TState, CancellationToken>, Unit>(null, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <param name="child">Gets the state and the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public void Start<TState>(TState state, Func<TState, CancellationToken, Task> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        Start<StateTaskOperation<TState, CancellationToken>, Unit>(null, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <typeparam name="T">The type of the value that is dropped.</typeparam>
    /// <param name="child">Gets the state and the token of the group, which is canceled when the group is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public void Start<TState, T>(TState state, Func<TState, CancellationToken, ValueTask<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(child);
        Start<StateValueTaskOperation<TState, CancellationToken, T>, T>(null, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public void Start(ChildOptions options, Func<CancellationToken, ValueTask> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        Start<ValueTaskOperation<CancellationToken>, Unit>(options, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public void Start(ChildOptions options, Func<CancellationToken, Task> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        Start<TaskOperation<CancellationToken>, Unit>(options, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="T">The type of the value that is dropped.</typeparam>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public void Start<T>(ChildOptions options, Func<CancellationToken, ValueTask<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        Start<ValueTaskOperation<CancellationToken, T>, T>(options, new(child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the state and the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public void Start<TState>(ChildOptions options, TState state, Func<TState, CancellationToken, ValueTask> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        Start<StateValueTaskOperation<TState, CancellationToken>, Unit>(options, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the state and the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    public void Start<TState>(ChildOptions options, TState state, Func<TState, CancellationToken, Task> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        Start<StateTaskOperation<TState, CancellationToken>, Unit>(options, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <param name="options">The child's own name and token.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">Handed to the child, so that its delegate needs no closure.</param>
    /// <typeparam name="T">The type of the value that is dropped.</typeparam>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="child"/> is <see langword="null"/>.</exception>
    /// <param name="child">Gets the state and the token of the group, which <see cref="ChildOptions.CancellationToken"/> cancels too.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the child.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <inheritdoc cref="Start(Func{CancellationToken, ValueTask}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public void Start<TState, T>(ChildOptions options, TState state, Func<TState, CancellationToken, ValueTask<T>> child, [CallerArgumentExpression(nameof(child))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(child);
        Start<StateValueTaskOperation<TState, CancellationToken, T>, T>(options, new(state, child), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    private void Start<TOperation, T>(ChildOptions? options, TOperation operation, CallerSite site)
        where TOperation : struct, IOperation<CancellationToken, T> =>
        Add(options, new StartWork<TOperation, T>(operation), site);

    private void Add(ChildOptions? options, IChildWork work, CallerSite site)
    {
        if (options?.Name is { } name)
        {
            site = CallerSite.Given(name, site.File, site.Line);
        }

        if (options is { CancellationToken: { CanBeCanceled: true } ownToken })
        {
            var own = new OwnTokenWork(work, ownToken);
            own.WatchWhileWaiting();
            work = own;
        }

        Core.Add(work, site);
    }
}
