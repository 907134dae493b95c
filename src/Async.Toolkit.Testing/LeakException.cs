namespace Async.Toolkit.Testing;

/// <summary>The code under test has ended and left something behind that still runs, or waits.</summary>
/// <remarks>The message lists it.</remarks>
public sealed class LeakException : Exception
{
    /// <summary>Creates the exception with a message of its own.</summary>
    public LeakException()
        : this("Something was left behind.")
    {
    }

    /// <summary>Creates the exception with the given message.</summary>
    /// <param name="message">What was seen.</param>
    public LeakException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the given message and cause.</summary>
    /// <param name="message">What was seen.</param>
    /// <param name="innerException">The cause.</param>
    public LeakException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
