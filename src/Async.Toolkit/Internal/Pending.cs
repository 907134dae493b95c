namespace Async.Toolkit.Internal;

/// <summary>Reduces what a user's delegate returned to "done" (<see langword="null"/>) or a task to wait for.</summary>
internal static class Pending
{
    public static Task? From(ValueTask returned, out Unit result)
    {
        result = default;
        if (!returned.IsCompletedSuccessfully)
        {
            return returned.AsTask();
        }

        // A pooled source is only given back to its pool once its result has been taken.
        returned.GetAwaiter().GetResult();
        return null;
    }

    public static Task? From<T>(ValueTask<T> returned, out T result)
    {
        if (returned.IsCompletedSuccessfully)
        {
            result = returned.Result;
            return null;
        }

        result = default!;
        return returned.AsTask();
    }

    public static Task? From(Task? returned, out Unit result)
    {
        result = default;
        return (returned ?? throw ReturnedNull()).IsCompletedSuccessfully ? null : returned;
    }

    public static Task? From<T>(Task<T>? returned, out T result)
    {
        if ((returned ?? throw ReturnedNull()).IsCompletedSuccessfully)
        {
            result = returned.Result;
            return null;
        }

        result = default!;
        return returned;
    }

    /// <summary>Makes one shape of a delegate that returns a task out of the two that users write.</summary>
    public static ValueTask<T> AsValueTask<T>(Task<T>? returned) => new(returned ?? throw ReturnedNull());

    private static InvalidOperationException ReturnedNull() =>
        new("The delegate returned null where a task was expected.");
}
