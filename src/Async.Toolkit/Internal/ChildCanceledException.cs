namespace Async.Toolkit;

/// <summary>
/// A child, an item or a body ended with a cancellation that nobody had asked for, such as an <c>HttpClient.Timeout</c>.
/// </summary>
/// <remarks>
/// It is deliberately not an <see cref="OperationCanceledException"/>: one frame further up that would turn into a canceled task, and the
/// trouble would leave no trace. <see cref="Exception.InnerException"/> is the original.
/// </remarks>
public sealed class ChildCanceledException : Exception
{
    /// <summary>Creates the exception with a message of its own.</summary>
    public ChildCanceledException()
        : this("A child ended with a cancellation that nobody had asked for.")
    {
    }

    /// <summary>Creates the exception with the given message.</summary>
    /// <param name="message">What happened.</param>
    public ChildCanceledException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the given message and cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cancellation that nobody had asked for.</param>
    public ChildCanceledException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
