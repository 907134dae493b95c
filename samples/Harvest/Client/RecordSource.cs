using System.Text.Json.Serialization.Metadata;
using Async.Toolkit;

namespace Harvest.Client;

/// <summary>Where the records of a file come from.</summary>
/// <param name="Name">Tells this source and this way of asking it from all others.</param>
/// <param name="Records">The records, from the first one on.</param>
/// <param name="Shape">How a record is written.</param>
internal sealed record RecordSource<T>(string Name, PageSequence<T> Records, JsonTypeInfo<T> Shape)
{
    /// <summary>How many records there are, where that is known beforehand.</summary>
    public long? Expected { get; init; }

    /// <summary>Where continuations are addresses of a server that is somewhere else in the next run: they are kept relative to it.</summary>
    public Uri? MovingAddress { get; init; }

    /// <summary>A continuation as another run can use it.</summary>
    public string? ToSaved(string? continuation) =>
        MovingAddress is null || continuation is null ? continuation : MovingAddress.MakeRelativeUri(new Uri(continuation)).OriginalString;

    /// <summary>The records behind a continuation that another run has saved; <see langword="null"/> is the beginning.</summary>
    /// <exception cref="ArgumentException">It is none of this source's.</exception>
    public PageSequence<T> Behind(string? saved) =>
        saved is null ? Records : Records.ResumeFrom(MovingAddress is null ? saved : new Uri(MovingAddress, saved).AbsoluteUri);
}
