using System.Diagnostics.CodeAnalysis;

namespace Async.Toolkit;

/// <summary>How one item of <c>Gather.SettledAsync</c> ended: with a value, with a failure, or canceled. Immutable.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly record struct Settled<T>
{
    private readonly Outcome _outcome;
    private readonly T? _value;
    private readonly IReadOnlyList<Exception>? _exceptions;

    private Settled(Outcome outcome, T? value, IReadOnlyList<Exception>? exceptions)
    {
        _outcome = outcome;
        _value = value;
        _exceptions = exceptions;
    }

    private enum Outcome : byte
    {
        None,
        Success,
        Failure,
        Canceled,
    }

    /// <summary>Whether the item succeeded.</summary>
    public bool IsSuccess => _outcome == Outcome.Success;

    /// <summary>Whether the item failed. A cancellation that nobody had asked for is a failure: <see cref="ChildCanceledException"/>.</summary>
    [MemberNotNullWhen(true, nameof(Exception))]
    public bool IsFailure => _outcome == Outcome.Failure;

    /// <summary>Whether the item ended with the cancellation that the caller had asked for.</summary>
    public bool IsCanceled => _outcome == Outcome.Canceled;

    /// <summary>The value of an item that succeeded.</summary>
    /// <exception cref="InvalidOperationException">The item did not succeed; the failure is the <see cref="System.Exception.InnerException"/>.</exception>
    public T Value => _outcome switch
    {
        Outcome.Success => _value!,
        Outcome.Failure => throw new InvalidOperationException($"The item failed and has no value: {Exception!.Message}", Exception),
        Outcome.Canceled => throw new InvalidOperationException("The item was canceled and has no value."),
        _ => throw new InvalidOperationException("This is the outcome of no item: it has no value."),
    };

    /// <summary>The first failure: the original object. <see langword="null"/> unless the item failed.</summary>
    public Exception? Exception => _exceptions?[0];

    /// <summary>All failures of the item; empty unless it failed. More than one where the item's task held several.</summary>
    public IReadOnlyList<Exception> Exceptions => _exceptions ?? [];

    /// <summary>Gives the value of an item that succeeded.</summary>
    /// <param name="value">The value, or the default where there is none.</param>
    /// <returns>Whether the item succeeded.</returns>
    public bool TryGetValue([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return IsSuccess;
    }

    /// <summary>A short text for logs and debuggers.</summary>
    /// <returns>The value, the type and message of the first failure, or the word "canceled".</returns>
    public override string ToString() => _outcome switch
    {
        Outcome.Success => $"{_value}",
        Outcome.Failure => $"{Exception!.GetType().Name}: {Exception.Message}",
        Outcome.Canceled => "canceled",
        _ => "",
    };

    internal static Settled<T> Success(T value) => new(Outcome.Success, value, null);

    internal static Settled<T> Failure(IReadOnlyList<Exception> failures) => new(Outcome.Failure, default, failures);

    internal static Settled<T> Canceled() => new(Outcome.Canceled, default, null);
}
