namespace Async.Toolkit.Diagnostics;

/// <summary>What other work may have been started from: a node of the task tree, or one child of a group.</summary>
internal abstract class LiveScope
{
    private static readonly AsyncLocal<LiveScope?> Flow = new();

    /// <summary>What this code runs in, across awaits. Set only where it is followed: each setting costs a new context.</summary>
    public static LiveScope? Here => Flow.Value;

    /// <summary>Makes this the scope of the calling method and of all that it calls, for good: for a context that ends with the method.</summary>
    public void Enter() => Flow.Value = this;

    /// <summary>Makes this the scope of the caller until the result is left, on the same thread.</summary>
    /// <param name="follows">Whether the flow is followed at all; nothing happens otherwise.</param>
    public Visit Visiting(bool follows) => follows ? new Visit(this) : default;

    /// <summary>A stay in a scope within code whose context goes on afterwards.</summary>
    internal readonly ref struct Visit
    {
        private readonly LiveScope? _previous;
        private readonly ExecutionContext? _before;
        private readonly ExecutionContext? _within;
        private readonly bool _isIn;

        public Visit(LiveScope scope)
        {
            _isIn = true;
            _previous = Here;
            _before = ExecutionContext.Capture();
            Flow.Value = scope;
            _within = ExecutionContext.Capture();
        }

        public void Leave()
        {
            if (!_isIn)
            {
                return;
            }

            // What the user's code has set meanwhile stays as it would without us; only if it has set nothing is the old context back as a whole.
            if (_before is not null && ReferenceEquals(ExecutionContext.Capture(), _within))
            {
                ExecutionContext.Restore(_before);
            }
            else
            {
                Flow.Value = _previous;
            }
        }
    }
}
