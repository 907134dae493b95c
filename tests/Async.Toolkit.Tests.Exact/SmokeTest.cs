using Xunit;

namespace Async.Toolkit.Tests.Exact;

public sealed class SmokeTest
{
    [Fact]
    public async Task A_group_gives_the_bodys_result() =>
        Assert.Equal(42, await TaskGroup.RunAsync(async group => await group.Run(async ct => { await Task.Yield(); return 42; }), TestContext.Current.CancellationToken));
}
