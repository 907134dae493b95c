namespace Async.Toolkit.Groups;

/// <summary>
/// What is posted to a caller's context: starts its child once. A context may run it and throw all the same, or throw and run it later.
/// </summary>
internal sealed class PostedChild(Child child)
{
    private Child? _child = child;

    /// <summary>The child for whoever comes first, <see langword="null"/> afterwards: its node may serve another child by then.</summary>
    public Child? Take() => Interlocked.Exchange(ref _child, null);
}
