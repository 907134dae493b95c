using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>Tests whose listeners hear the whole process: one at a time, and nothing else meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Listeners
{
    public const string Name = "The listeners of the process";
}
