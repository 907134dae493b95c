using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

/// <summary>Bad arguments are told at once, with their name and value, before anything is asked for.</summary>
public sealed class PagingArgumentTests
{
    private static readonly AddressablePageSequence<int> Numbers = Styles.ByPageNumber(PageServer.Of(1));
    private static readonly AddressablePageSequence<int> Offsets = Styles.ByOffset(PageServer.Of(1));
    private static readonly PageSequence<int> Links = Styles.ByLink(PageServer.Of(1));

    public static TheoryData<string, Action> Nulls => new()
    {
        { "fetch", static () => Paging.ByCursor((Func<string?, CancellationToken, ValueTask<CursorPage<int>>>)null!) },
        { "fetch", static () => Paging.ByCursor((Func<string?, CancellationToken, Task<CursorPage<int>>>)null!) },
        { "fetch", static () => Paging.ByPageNumber(1, (Func<int, CancellationToken, ValueTask<CountedPage<int>>>)null!) },
        { "fetch", static () => Paging.ByPageNumber(1, (Func<int, CancellationToken, Task<CountedPage<int>>>)null!) },
        { "fetch", static () => Paging.ByPageNumber(1, 0, (Func<int, CancellationToken, ValueTask<CountedPage<int>>>)null!) },
        { "fetch", static () => Paging.ByPageNumber(1, 0, (Func<int, CancellationToken, Task<CountedPage<int>>>)null!) },
        { "fetch", static () => Paging.ByOffset(1, (Func<long, CancellationToken, ValueTask<CountedPage<int>>>)null!) },
        { "fetch", static () => Paging.ByOffset(1, (Func<long, CancellationToken, Task<CountedPage<int>>>)null!) },
        { "client", static () => Paging.ByLink(null!, LinkServer.First, LinkJson.Default.Int32Array) },
        { "first", static () => Paging.ByLink(new HttpClient(), null!, LinkJson.Default.Int32Array) },
        { "shape", static () => Paging.ByLink<int>(new HttpClient(), LinkServer.First, null!) },
        { "items", static () => Paging.ByLink<int[], int>(new HttpClient(), LinkServer.First, LinkJson.Default.Int32Array, null!) },
        { "logger", static () => Numbers.LogTo((ILogger)null!) },
        { "loggerFactory", static () => Numbers.LogTo((ILoggerFactory)null!) },
    };

    public static TheoryData<string, int, Action> OutOfRange => new()
    {
        { "pageSize", 0, static () => Paging.ByPageNumber<int>(0, static (_, _) => Task.FromResult(new CountedPage<int>([]))) },
        { "pageSize", -1, static () => Paging.ByPageNumber<int>(-1, static (_, _) => ValueTask.FromResult(new CountedPage<int>([]))) },
        { "firstPage", -1, static () => Paging.ByPageNumber<int>(1, -1, static (_, _) => Task.FromResult(new CountedPage<int>([]))) },
        { "firstPage", -7, static () => Paging.ByPageNumber<int>(1, -7, static (_, _) => ValueTask.FromResult(new CountedPage<int>([]))) },
        { "pageSize", 0, static () => Paging.ByOffset<int>(0, static (_, _) => Task.FromResult(new CountedPage<int>([]))) },
        { "pageSize", -5, static () => Paging.ByOffset<int>(-5, static (_, _) => ValueTask.FromResult(new CountedPage<int>([]))) },
        { "pages", -1, static () => Numbers.Prefetch(-1) },
        { "pages", 0, static () => Numbers.Concurrency(0) },
        { "pages", -2, static () => Offsets.Concurrency(-2) },
        { "count", 0, static () => Links.MaxPages(0) },
        { "count", -3, static () => Numbers.MaxPages(-3) },
    };

    public static TheoryData<string, Action> Continuations => new()
    {
        { "x", static () => Numbers.ResumeFrom("x") },
        { "0", static () => Numbers.ResumeFrom("0") },
        { "+", static () => Numbers.ResumeFrom("+") },
        { "2++", static () => Numbers.ResumeFrom("2++") },
        { "-1", static () => Offsets.ResumeFrom("-1") },
        { " 1", static () => Offsets.ResumeFrom(" 1") },
        { "1.5", static () => Offsets.ResumeFrom("1.5") },
        { "99999999999999999999", static () => Offsets.ResumeFrom("99999999999999999999") },
        { "99999999999", static () => Numbers.ResumeFrom("99999999999") },
        { "items?page=2", static () => Links.ResumeFrom("items?page=2") },
        { "ftp://api.example/items", static () => Links.ResumeFrom("ftp://api.example/items") },
        { "https://evil.example", static () => Links.ResumeFrom("https://evil.example/items?token=1") },
    };

    [Theory]
    [MemberData(nameof(Nulls))]
    public void Null_is_refused(string parameter, Action call) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentNullException>(call).ParamName);

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_number_out_of_its_range_is_refused(string parameter, int value, Action call)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(call);

        Assert.Equal(parameter, refused.ParamName);
        Assert.Equal(value, refused.ActualValue);
    }

    [Theory]
    [MemberData(nameof(Continuations))]
    public void A_continuation_that_the_sequence_cannot_have_given_is_refused_and_shown(string shown, Action call)
    {
        var refused = Assert.Throws<ArgumentException>(call);

        Assert.Equal("continuation", refused.ParamName);
        Assert.Contains(shown, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_number_is_as_large_as_an_int_can_be()
    {
        Assert.NotNull(Numbers.ResumeFrom("1"));
        Assert.NotNull(Numbers.ResumeFrom("2147483647"));
        var refused = Assert.Throws<ArgumentException>(static () => Numbers.ResumeFrom("2147483648"));

        Assert.Equal("'2147483648' is no continuation of this sequence: a number from 1 to 2147483647 was expected. (Parameter 'continuation')", refused.Message);
    }

    [Theory]
    [InlineData("ftp://api.example/items")]
    [InlineData("items")]
    public void A_first_page_that_no_client_can_ask_for_is_refused(string first)
    {
        using var client = new HttpClient();

        var refused = Assert.Throws<ArgumentException>(() => Paging.ByLink(client, new Uri(first, UriKind.RelativeOrAbsolute), LinkJson.Default.Int32Array));

        Assert.Equal("first", refused.ParamName);
        Assert.Contains(first, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_set_gives_a_new_sequence_and_leaves_the_old_one_as_it_was()
    {
        var server = PageServer.Of(4);
        AddressablePageSequence<int> sequence = Styles.ByPageNumber(server);

        AddressablePageSequence<int>[] others =
        [
            sequence.Prefetch(1), sequence.Concurrency(2), sequence.MaxPages(1), sequence.ResumeFrom("2"), sequence.AllowRepeatedContinuations(), sequence.LogTo(new Fakes.FakeLogger()),
        ];

        Assert.All(others, other => Assert.NotSame(sequence, other));
        Assert.Equal(server.Items, await sequence.Loop().Guarded());
        Assert.Equal([0, 1, 2, 3], server.Asked);
    }

    [Fact]
    public async Task Every_shape_of_a_delegate_compiles_as_it_stands()
    {
        // Method groups and lambdas, tasks and value tasks, with the type of the items given or inferred.
        PageSequence<int>[] sequences =
        [
            Paging.ByCursor(async (cursor, ct) => new CursorPage<int>([1], null)),
            Paging.ByCursor<int>(async (cursor, ct) => new([1], null)),
            Paging.ByCursor((_, _) => Task.FromResult(new CursorPage<int>([1], null))),
            Paging.ByCursor((_, _) => ValueTask.FromResult(new CursorPage<int>([1], null))),
            Paging.ByCursor<int>(AsTask),
            Paging.ByCursor<int>(AsValueTask),
            Paging.ByPageNumber(2, async (page, ct) => new CountedPage<int>([1], 1)),
            Paging.ByPageNumber<int>(2, 0, async (page, ct) => new([1], 1)),
            Paging.ByOffset(2, async (offset, ct) => new CountedPage<int>(new List<int> { 1 }, 1)),
            Paging.ByOffset<int>(2, (_, _) => Task.FromResult(new CountedPage<int>([1], 1))),
        ];

        foreach (PageSequence<int> sequence in sequences)
        {
            Assert.Equal([1], await sequence.Loop().Guarded());
        }

        static Task<CursorPage<int>> AsTask(string? cursor, CancellationToken ct) => Task.FromResult(new CursorPage<int>([1], ""));
        static ValueTask<CursorPage<int>> AsValueTask(string? cursor, CancellationToken ct) => ValueTask.FromResult(new CursorPage<int>([1], ""));
    }
}
