namespace Async.Toolkit.Testing;

/// <summary>What a run does when nothing can run any more.</summary>
internal enum NextStep
{
    /// <summary>Nothing: it is over, or real work is under way.</summary>
    None,

    /// <summary>Something happens on its clock.</summary>
    Event,

    /// <summary>The body has ended and nothing goes on behind it.</summary>
    End,

    /// <summary>Nothing will ever happen.</summary>
    Deadlock,
}
