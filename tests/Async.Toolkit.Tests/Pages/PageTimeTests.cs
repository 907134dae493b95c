using Async.Toolkit.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

/// <summary>When pages are asked for, and how long a loop over them takes.</summary>
[Collection(nameof(OnVirtualTime))]
public sealed class PageTimeTests
{
    private const int Pages = 8;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Every style in every way of walking.
    public static TheoryData<Type> Contracts => [.. typeof(PagingContract).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(PagingContract)))];

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Contracts))]
    public Task A_page_is_asked_for_at_its_time_and_not_before(Type contract) => VirtualTime.RunAsync(async time =>
    {
        var server = PageServer.Of(Pages);
        var way = (PagingContract)Activator.CreateInstance(contract)!;
        int consumed = 0;
        await foreach (Page<int> page in way.Sequence(server).Pages())
        {
            Assert.Equal(++consumed, page.Number);
            await time.SettleAsync();
            Assert.Equal(Enumerable.Range(0, Math.Min(consumed + way.Ahead, Pages)), server.Asked.Order());
        }

        Assert.Equal(Pages, consumed);
    }, TestToken);

    [Fact]
    public Task Several_pages_take_the_time_of_one() => VirtualTime.RunAsync(async time =>
    {
        var server = PageServer.Of(4, onFetch: (_, token) => time.Delay(Second, token));

        Assert.Equal(server.Items, await Styles.ByPageNumber(server).Concurrency(4).Loop());
        Assert.Equal(Second, time.Elapsed);
    }, TestToken);

    [Fact]
    public Task Fetches_that_end_in_the_opposite_order_give_their_pages_in_order() => VirtualTime.RunAsync(async time =>
    {
        var server = PageServer.Of(4, onFetch: (page, token) => time.Delay((4 - page) * Second, token));

        Assert.Equal(server.Items, await Styles.ByOffset(server).Concurrency(4).Loop());
        Assert.Equal(4 * Second, time.Elapsed);
    }, TestToken);
}
