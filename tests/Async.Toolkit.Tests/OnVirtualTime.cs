using Xunit;

namespace Async.Toolkit.Tests;

/// <summary>Tests on virtual time. They run alone: their clock stands still for as long as any other test has the thread pool do something.</summary>
[CollectionDefinition(nameof(OnVirtualTime), DisableParallelization = true)]
public sealed class OnVirtualTime;
