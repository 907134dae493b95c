namespace Async.Toolkit.Testing;

/// <summary>The code under test waits for ever: nothing can run, no timer is pending, and the body has not ended.</summary>
/// <remarks>The message tells what the body was waiting for. Real work is not seen as such unless it runs inside <see cref="VirtualTime.RealTimeAsync(Func{Task})"/>.</remarks>
public sealed class VirtualTimeDeadlockException : Exception
{
    /// <summary>Creates the exception with a message of its own.</summary>
    public VirtualTimeDeadlockException()
        : this("Nothing can run, no timer is pending, and the body has not ended.")
    {
    }

    /// <summary>Creates the exception with the given message.</summary>
    /// <param name="message">What was seen.</param>
    public VirtualTimeDeadlockException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the given message and cause.</summary>
    /// <param name="message">What was seen.</param>
    /// <param name="innerException">The cause.</param>
    public VirtualTimeDeadlockException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
