namespace Async.Toolkit.Testing;

/// <summary>A run on virtual time took more real time than <see cref="VirtualTimeOptions.RealTimeLimit"/>, or had to wait for so long to begin.</summary>
/// <remarks>The message tells what kept the clock from moving, or the body from ending. It is no <see cref="TimeoutException"/>, so that a test that expects one is not content with it.</remarks>
public sealed class RealTimeLimitException : Exception
{
    /// <summary>Creates the exception with a message of its own.</summary>
    public RealTimeLimitException()
        : this("The run took more real time than it may.")
    {
    }

    /// <summary>Creates the exception with the given message.</summary>
    /// <param name="message">What was seen.</param>
    public RealTimeLimitException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the given message and cause.</summary>
    /// <param name="message">What was seen.</param>
    /// <param name="innerException">The cause.</param>
    public RealTimeLimitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
