using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class BadInputTests
{
    private static readonly Func<int, CancellationToken, Task<int>> Echo = static (item, token) => Task.FromResult(item);
    private static readonly Func<int, CancellationToken, ValueTask<int>> EchoValue = static (item, token) => new ValueTask<int>(item);
    private static readonly Func<int, CancellationToken, Task> Drop = static (item, token) => Task.CompletedTask;
    private static readonly int[] Items = [1, 2, 3];
    private static readonly GatherOptions Three = new() { MaxConcurrency = 3 };

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    private static IAsyncEnumerable<int> AsyncItems => new CountingSource(3).AsAsyncEnumerable();

    [Fact]
    public void A_missing_source_is_named_at_once()
    {
        IEnumerable<int> none = null!;
        IAsyncEnumerable<int> asyncNone = null!;

        Named("source", () => Gather.AllAsync(none, Echo, TestToken));
        Named("source", () => Gather.AllAsync(asyncNone, 3, Echo, TestToken));
        Named("source", () => Gather.SettledAsync(none, 3, Echo, TestToken));
        Named("source", () => Gather.FirstSuccessAsync(none, Three, Echo, TestToken));
        Named("source", () => Gather.FirstSuccessesAsync(none, 2, Echo, TestToken));
        Named("source", () => Gather.ForEachAsync(none, 3, Drop, TestToken));
        Named("source", () => Gather.StreamAsync(none, 3, Echo, TestToken));
        Named("source", () => Gather.StreamAsync(asyncNone, Three, StreamOrder.Source, Echo, TestToken));
    }

    [Fact]
    public void A_missing_delegate_is_named_at_once()
    {
        Func<int, CancellationToken, Task<int>> none = null!;

        Named("selector", () => Gather.AllAsync(Items, none, TestToken));
        Named("selector", () => Gather.AllAsync(AsyncItems, 3, none, TestToken));
        Named("selector", () => Gather.SettledAsync(Items, 3, none, TestToken));
        Named("selector", () => Gather.FirstSuccessAsync(Items, Three, none, TestToken));
        Named("selector", () => Gather.FirstSuccessesAsync(Items, 2, none, TestToken));
        Named("action", () => Gather.ForEachAsync(Items, 3, (Func<int, CancellationToken, Task>)null!, TestToken));
        Named("selector", () => Gather.StreamAsync(Items, 3, none, TestToken));
    }

    [Fact]
    public void Missing_options_are_named_at_once()
    {
        GatherOptions none = null!;

        Named("options", () => Gather.AllAsync(Items, none, Echo, TestToken));
        Named("options", () => Gather.ForEachAsync(AsyncItems, none, Drop, TestToken));
        Named("options", () => Gather.StreamAsync(Items, none, Echo, TestToken));
    }

    [Theory, InlineData(0), InlineData(-1)]
    public void A_limit_below_one_is_named_with_its_value(int limit)
    {
        Refused("maxConcurrency", limit, () => Gather.AllAsync(Items, limit, Echo, TestToken));
        Refused("maxConcurrency", limit, () => Gather.SettledAsync(AsyncItems, limit, Echo, TestToken));
        Refused("maxConcurrency", limit, () => Gather.FirstSuccessAsync(Items, limit, Echo, TestToken));
        Refused("maxConcurrency", limit, () => Gather.FirstSuccessesAsync(Items, limit, 1, Echo, TestToken));
        Refused("maxConcurrency", limit, () => Gather.ForEachAsync(Items, limit, Drop, TestToken));
        Refused("maxConcurrency", limit, () => Gather.StreamAsync(Items, limit, Echo, TestToken));
        Refused("MaxConcurrency", limit, () => new GatherOptions { MaxConcurrency = limit });
    }

    [Fact]
    public void A_call_that_needs_a_limit_says_so()
    {
        var none = new GatherOptions();

        Missing(() => Gather.ForEachAsync(Items, none, Drop, TestToken));
        Missing(() => Gather.StreamAsync(Items, none, Echo, TestToken));
        Missing(() => Gather.AllAsync(AsyncItems, none, Echo, TestToken));
        Missing(() => Gather.SettledAsync(AsyncItems, none, Echo, TestToken));
        Missing(() => Gather.FirstSuccessAsync(AsyncItems, none, Echo, TestToken));
        Missing(() => Gather.FirstSuccessesAsync(AsyncItems, none, 1, Echo, TestToken));

        static void Missing(Func<object> call)
        {
            ArgumentException thrown = Assert.Throws<ArgumentException>(() => { call(); });
            Assert.Equal("options", thrown.ParamName);
            Assert.StartsWith("MaxConcurrency must be set for this call: it is null.", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_for_other_items_are_refused()
    {
        var options = new GatherOptions<string> { MaxConcurrency = 3 };
        Func<object> call = () => Gather.AllAsync(Items, options, Echo, TestToken);
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => { call(); });

        Assert.Equal("options", thrown.ParamName);
        Assert.StartsWith("The options are for items of type System.String, but the source gives System.Int32.", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_for_a_base_type_are_accepted() =>
        Assert.Equal(["a"], await Gather.AllAsync(["a"], new GatherOptions<object> { MaxConcurrency = 3 }, static (item, token) => Task.FromResult(item), TestToken));

    [Theory, InlineData(0), InlineData(-2)]
    public void A_count_below_one_is_named_with_its_value_by_every_call(int count)
    {
        Assert.All(CallsFor(count), call => Refused("count", count, call, "count must be at least 1."));
        Assert.All(AsyncCallsFor(count), call => Refused("count", count, call, "count must be at least 1."));
    }

    [Fact]
    public void A_count_that_cannot_be_reached_is_named_with_its_value_by_every_call() =>
        Assert.All(CallsFor(4), call => Refused("count", 4, call, "count must not be larger than the number of items, which is 3."));

    [Fact]
    public async Task As_many_successes_as_there_are_items_can_be_asked_for() =>
        Assert.Equal(Items, (await Gather.FirstSuccessesAsync(Items, count: 3, Echo, TestToken)).Order());

    [Fact]
    public void An_order_that_does_not_exist_is_named_by_every_call()
    {
        const StreamOrder None = (StreamOrder)7;
        Func<object>[] calls =
        [
            () => Gather.StreamAsync(Items, 3, None, Echo, TestToken),
            () => Gather.StreamAsync(Items, 3, None, EchoValue, TestToken),
            () => Gather.StreamAsync(Items, Three, None, Echo, TestToken),
            () => Gather.StreamAsync(Items, Three, None, EchoValue, TestToken),
            () => Gather.StreamAsync(AsyncItems, 3, None, Echo, TestToken),
            () => Gather.StreamAsync(AsyncItems, 3, None, EchoValue, TestToken),
            () => Gather.StreamAsync(AsyncItems, Three, None, Echo, TestToken),
            () => Gather.StreamAsync(AsyncItems, Three, None, EchoValue, TestToken),
        ];

        Assert.All(calls, call => Refused("order", None, call, "order must be one of Source, Completion."));
    }

    [Fact]
    public void Names_and_clocks_cannot_be_missing()
    {
        Named("Name", () => new GatherOptions { Name = null! });
        Named("TimeProvider", () => new GatherOptions { TimeProvider = null! });
    }

    [Fact]
    public async Task A_delegate_that_returns_null_fails_its_item_and_names_the_index()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => Gather.AllAsync(Items, 1, static (item, token) => item == 3 ? null! : Task.FromResult(item), TestToken));
        Assert.Equal("The delegate returned null where a task was expected, for item 2.", thrown.Message);

        thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => Gather.ForEachAsync(Items, 1, static (item, token) => item == 2 ? null! : Task.CompletedTask, TestToken));
        Assert.Equal("The delegate returned null where a task was expected, for item 1.", thrown.Message);
    }

    private static Func<object>[] CallsFor(int count) =>
    [
        () => Gather.FirstSuccessesAsync(Items, count, Echo, TestToken),
        () => Gather.FirstSuccessesAsync(Items, count, EchoValue, TestToken),
        () => Gather.FirstSuccessesAsync(Items, 3, count, Echo, TestToken),
        () => Gather.FirstSuccessesAsync(Items, 3, count, EchoValue, TestToken),
        () => Gather.FirstSuccessesAsync(Items, Three, count, Echo, TestToken),
        () => Gather.FirstSuccessesAsync(Items, Three, count, EchoValue, TestToken),
    ];

    private static Func<object>[] AsyncCallsFor(int count) =>
    [
        () => Gather.FirstSuccessesAsync(AsyncItems, 3, count, Echo, TestToken),
        () => Gather.FirstSuccessesAsync(AsyncItems, 3, count, EchoValue, TestToken),
        () => Gather.FirstSuccessesAsync(AsyncItems, Three, count, Echo, TestToken),
        () => Gather.FirstSuccessesAsync(AsyncItems, Three, count, EchoValue, TestToken),
    ];

    private static void Named(string parameter, Func<object> call) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentNullException>(() => { call(); }).ParamName);

    private static void Refused(string parameter, object value, Func<object> call, string message = "")
    {
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(() => { call(); });
        Assert.Equal(parameter, thrown.ParamName);
        Assert.Equal(value, thrown.ActualValue);
        Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(parameter, thrown.Message, StringComparison.Ordinal);
    }
}
