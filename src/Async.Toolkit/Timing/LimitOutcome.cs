using Async.Toolkit.Internal;

namespace Async.Toolkit.Timing;

/// <summary>What a call under a limit gives for an operation's value, and for a limit that struck.</summary>
internal interface ILimitOutcome<in T, out TResult>
{
    /// <summary>Whether a limit that struck is a <see cref="TimeoutException"/>; otherwise it is the default of <typeparamref name="TResult"/>.</summary>
    static abstract bool ThrowsWhenExpired { get; }

    static abstract TResult Of(T value);
}

/// <summary><c>RunAsync</c>: the value itself.</summary>
internal readonly struct ValueOrTimeout<T> : ILimitOutcome<T, T>
{
    public static bool ThrowsWhenExpired => true;

    public static T Of(T value) => value;
}

/// <summary><c>TryRunAsync</c> of an operation without a result: whether it completed.</summary>
internal readonly struct CompletedOrNot : ILimitOutcome<Unit, bool>
{
    public static bool ThrowsWhenExpired => false;

    public static bool Of(Unit value) => true;
}

/// <summary><c>TryRunAsync</c> of an operation with a result: whether it completed, and the value.</summary>
internal readonly struct ValueOrNot<T> : ILimitOutcome<T, (bool Completed, T? Value)>
{
    public static bool ThrowsWhenExpired => false;

    public static (bool Completed, T? Value) Of(T value) => (true, value);
}
