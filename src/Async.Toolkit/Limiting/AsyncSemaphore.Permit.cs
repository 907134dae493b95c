using System.Diagnostics.CodeAnalysis;
using Async.Toolkit.Limiting;

namespace Async.Toolkit;

public sealed partial class AsyncSemaphore
{
    /// <summary>One or several permits of an <see cref="AsyncSemaphore"/>, held until they are disposed.</summary>
    /// <remarks>
    /// Copies stand for the same permit: the first one that is disposed gives it back. A <see langword="default"/> permit stands for none. May be
    /// disposed on any thread.
    /// </remarks>
    [SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "It means nothing without its semaphore, and nobody has to name it.")]
    public readonly record struct Permit : IDisposable
    {
        private readonly SemaphoreSlot? _slot;
        private readonly long _ticket;

        internal Permit(SemaphoreSlot slot, long ticket)
        {
            _slot = slot;
            _ticket = ticket;
        }

        /// <summary>Gives the permit back, and lets in those who are next. They never run on this stack.</summary>
        /// <exception cref="InvalidOperationException">The permit has been given back before, perhaps through a copy. Nothing has changed.</exception>
        [SuppressMessage("Design", "CA1065:Do not raise exceptions in unexpected locations", Justification = "A second release is a mistake in the program that must not stay hidden.")]
        public void Dispose()
        {
            if (_slot?.TryRelease(_ticket) == false)
            {
                throw new InvalidOperationException("This permit of the semaphore has been released already, perhaps through a copy of it.");
            }
        }
    }
}
