namespace Async.Toolkit.Internal;

/// <summary>
/// Failures in order of occurrence, each object once. Not synchronized: its owner's lock guards it.
/// </summary>
internal sealed class FailureList
{
    // Up to here a scan beats hashing; past it a cascade of a hundred thousand failures must not become quadratic.
    private const int ScanLimit = 8;

    private readonly List<Exception> _failures = [];
    private HashSet<Exception>? _seen;

    public int Count => _failures.Count;

    public Exception First => _failures[0];

    /// <summary>Keeps <paramref name="failure"/> unless the very same object is kept already.</summary>
    public void Add(Exception failure)
    {
        if (_seen is null && _failures.Count >= ScanLimit)
        {
            _seen = new HashSet<Exception>(_failures, ReferenceEqualityComparer.Instance);
        }

        if (_seen?.Add(failure) ?? !Scan(failure))
        {
            _failures.Add(failure);
        }
    }

    public void AddRange(IEnumerable<Exception> failures)
    {
        foreach (Exception failure in failures)
        {
            Add(failure);
        }
    }

    public Exception[] ToArray() => [.. _failures];

    private bool Scan(Exception failure)
    {
        foreach (Exception kept in _failures)
        {
            if (ReferenceEquals(kept, failure))
            {
                return true;
            }
        }

        return false;
    }
}
