using Async.Toolkit.Diagnostics;
using Async.Toolkit.Tests.Diagnostics;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>What a failure came from, as a log line or the message of an exception says it.</summary>
[Collection(Listeners.Name)]
public sealed class ToldOriginTests
{
    private readonly FailureLog _log = new();

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    private GatherOptions Told => new() { Name = "told", MaxConcurrency = 1, Logger = _log, DisposeDiscarded = true };

    [Fact]
    public async Task A_call_that_failed_names_its_first_failure()
    {
        await Gather.AllAsync([0, 1], Told, static (item, _) => item == 1 ? throw new IOException() : Task.FromResult(item), TestToken).OnlyFailure();
        await Gather.AllAsync(Broken(1), Told, static (item, _) => Task.FromResult(item), TestToken).OnlyFailure();
        await Gather.FirstSuccessAsync([0, 1], Told, static (_, _) => Task.FromException<int>(new IOException()), TestToken).Failures();
        await Gather.FirstSuccessAsync(Array.Empty<int>(), Told, static (item, _) => Task.FromResult(item), TestToken).OnlyFailure();
        await Gather.FirstSuccessAsync(Broken(0), Told, static (item, _) => Task.FromResult(item), TestToken).OnlyFailure();
        await Gather.AllAsync([0], new() { Name = "told", Logger = _log, ItemTimeout = TimeSpan.FromHours(1), TimeProvider = new BrokenTimerTime() }, static (item, _) => Task.FromResult(item), TestToken).Failures();

        string[] origins = ["item 1", "the source", "item 0", "the source", "the source", "the clock"];
        Assert.Equal(
            origins.Select(static from => (1, $"Gather 'told' failed; the first failure came from {from}.")),
            _log.Entries.Select(static entry => (entry.Id, entry.Text)));
    }

    [Fact]
    public async Task The_operation_that_failed_first_is_named_by_its_number()
    {
        ToolkitDiagnostics.LoggerFactory = new FakeLoggerFactory(() => _log);
        try
        {
            await Gather.AllAsync(static _ => Task.FromResult(1), static Task<int> (_) => throw new IOException(), TestToken).OnlyFailure();
        }
        finally
        {
            ToolkitDiagnostics.LoggerFactory = null;
        }

        Assert.Equal("Gather 'Gather' failed; the first failure came from operation 2.", Assert.Single(_log.Entries).Text);
    }

    [Fact]
    public async Task A_failed_attempt_beside_a_success_is_logged_with_its_origin()
    {
        Assert.Equal(1, await Gather.FirstSuccessAsync([0, 1], Told, static (item, _) => item == 0 ? throw new IOException() : Task.FromResult(item), TestToken));
        Assert.Equal(0, await Gather.FirstSuccessAsync(Broken(1, disposal: true), Told, static (item, _) => Task.FromResult(item), TestToken));
        AssertUnseen("item 0", "the source");
    }

    [Fact]
    public async Task The_broken_source_of_a_settled_call_is_thrown_and_the_failures_of_the_items_are_logged()
    {
        await Gather.SettledAsync(Broken(2), Told, static (item, _) => item == 1 ? throw new IOException() : Task.FromResult(item), TestToken).OnlyFailure();

        Assert.Contains(_log.Entries, static entry => entry is { Id: 1, Text: "Gather 'told' failed; the first failure came from the source." });
        AssertUnseen("item 1");
    }

    [Fact]
    public async Task What_a_loser_leaves_behind_is_logged_with_its_origin()
    {
        var registered = new Gate();
        var options = new GatherOptions { Name = "told", MaxConcurrency = 2, Logger = _log, DisposeDiscarded = true };
        await Gather.FirstSuccessAsync([0, 1], options, async (item, token) =>
        {
            if (item == 0)
            {
                await registered.Opened;
                return new Stubborn();
            }

            token.Register(static () => throw new IOException("the callback broke"));
            registered.Open();
            await token.UntilCanceled().Ended();
            return new Stubborn();
        }, TestToken).Guarded();

        AssertUnseen("the call", "a discarded result");
    }

    [Fact]
    public async Task What_a_consumer_that_leaves_does_not_see_is_logged_with_its_origin()
    {
        var allRun = new Gate(3);
        var options = new GatherOptions { Name = "told", MaxConcurrency = 3, Logger = _log, DisposeDiscarded = true };
        IAsyncEnumerator<Stubborn> stream = Gather.StreamAsync([0, 1, 2], options, async (item, token) =>
        {
            allRun.Open();
            await allRun.Opened;
            if (item < 2)
            {
                return new Stubborn();
            }

            await token.UntilCanceled().Ended();
            throw new IOException("while it was left");
        }, TestToken).GetAsyncEnumerator(TestToken);
        Assert.True(await stream.MoveNextAsync().AsTask().Guarded());
        await stream.DisposeAsync();
        await stream.DisposeAsync();

        AssertUnseen("a stream that was left", "a discarded result");
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_told_with_what_was_canceled()
    {
        Task<int[]> item = Gather.AllAsync([0, 1], Told, static (item, _) => item == 1 ? throw new OperationCanceledException() : Task.FromResult(item), TestToken);
        var source = new CountingSource(1) { BeforeItem = static _ => ValueTask.FromException(new OperationCanceledException()) };
        Task<int[]> read = Gather.AllAsync(source.AsEnumerable(), Told, static (item, _) => Task.FromResult(item), TestToken);
        Task<Stubborn[]> disposal = Gather.AllAsync([0, 1], Told, static (item, _) => item == 1 ? throw new IOException() : Task.FromResult(new Stubborn()), TestToken);

        Assert.Equal("Item 1 of gather 'told' was canceled, but nobody had asked for it.", (await item.OnlyFailure()).Message);
        Assert.Equal("The source of gather 'told' was canceled, but nobody had asked for it.", (await read.OnlyFailure()).Message);
        Assert.Equal("The disposal of a result of 'told' was canceled, but nobody had asked for it.", (await disposal.Failures())[1].Message);
    }

    private static IEnumerable<int> Broken(int items, bool disposal = false) =>
        new CountingSource(items + 1)
        {
            BeforeItem = index => index < items || disposal ? default : ValueTask.FromException(new IOException("the source broke")),
            OnDispose = disposal ? static () => throw new IOException("the source cannot be closed") : null,
        }.AsEnumerable();

    private void AssertUnseen(params string[] origins) =>
        Assert.Equal(
            origins.Select(static from => $"A failure in 'told' did not reach its caller; it came from {from}."),
            _log.Entries.Where(static entry => entry.Id == 30).Select(static entry => entry.Text));

    private sealed class Stubborn : IDisposable
    {
        public void Dispose() => throw new OperationCanceledException("nobody asked the disposal");
    }
}
