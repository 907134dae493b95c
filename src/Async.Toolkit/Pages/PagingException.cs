namespace Async.Toolkit;

/// <summary>
/// The pages of a <see cref="PageSequence{T}"/> do not follow the rules of pagination: a continuation came twice, a page is larger than announced, a total is
/// negative, a link leads to a host that it may not, there are more pages than allowed.
/// </summary>
/// <remarks>What was yielded before stays good. The message names the pages by their place in the enumeration, counted from 1.</remarks>
public sealed class PagingException : Exception
{
    /// <summary>Creates the exception with a message of its own.</summary>
    public PagingException()
        : this("The pages do not follow the rules of pagination.")
    {
    }

    /// <summary>Creates the exception with the given message.</summary>
    /// <param name="message">What is wrong.</param>
    public PagingException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the given message and cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public PagingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
