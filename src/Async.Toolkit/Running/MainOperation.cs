using Async.Toolkit.Internal;

namespace Async.Toolkit.Running;

/// <summary>Whoever runs a main in a root group.</summary>
internal interface IMainOwner
{
    /// <summary>The root group exists and main is about to be called. What this throws, main ends with.</summary>
    void OnStarting(TaskGroup root);

    /// <summary>Main succeeded. Called before the group learns of it.</summary>
    void OnReturned();
}

/// <summary>A main as the body of a root group: it gets the group's token, its owner gets the group.</summary>
internal readonly struct MainOperation<TMain, T>(IMainOwner owner, TMain main) : IOperation<TaskGroup, T>
    where TMain : struct, IOperation<CancellationToken, T>
{
    public Task? Begin(TaskGroup root, out T result)
    {
        owner.OnStarting(root);
        Task? pending = main.Begin(root.CancellationToken, out result);
        if (pending is null)
        {
            owner.OnReturned();
        }

        return pending;
    }

    public T ResultOf(Task succeeded)
    {
        owner.OnReturned();
        return main.ResultOf(succeeded);
    }
}

/// <summary>A main that has no exit code of its own.</summary>
internal readonly struct ZeroOnSuccess<TMain>(TMain main) : IOperation<CancellationToken, int>
    where TMain : struct, IOperation<CancellationToken, Unit>
{
    public Task? Begin(CancellationToken arg, out int result)
    {
        result = 0;
        return main.Begin(arg, out _);
    }

    public int ResultOf(Task succeeded) => 0;
}
