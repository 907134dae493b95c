using System.Text.Json;
using Async.Toolkit.Benchmarks.Compare;
using Async.Toolkit.Benchmarks.Compare.Output;
using Async.Toolkit.Benchmarks.Strategies;
using Spectre.Console;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

public sealed class CompareCommandTests
{
    private static readonly CompareSettings Tiny = new() { Items = 20, Latency = Latency.Parse("1ms"), Cpu = TimeSpan.Zero, Concurrency = 4, Rounds = 2 };

    [Fact]
    public async Task A_comparison_shows_tables_and_writes_a_page_its_figures_and_a_chart()
    {
        using var home = new TemporaryFolder();

        (int exitCode, string output, string errors) = await RunAsync(Tiny with { Out = home.Path });

        Assert.Equal(0, exitCode);
        Assert.Empty(errors);
        Assert.Equal(["chart.png", "report.json", "report.md"], home.Entries);
        Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(home["chart.png"])[1..4]);
        string page = await File.ReadAllTextAsync(home["report.md"], TestContext.Current.CancellationToken);
        Assert.All(Strategy.All, strategy =>
        {
            Assert.Contains(strategy.Title, output, StringComparison.Ordinal);
            Assert.Contains($"| {strategy.Title} |", page, StringComparison.Ordinal);
        });
        Assert.Contains(Tiny.ToCommandLine(), page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_figures_tell_the_limit_that_was_kept_and_what_a_failure_did()
    {
        using var home = new TemporaryFolder();

        await RunAsync(Tiny with { Out = home.Path });

        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(home["report.json"], TestContext.Current.CancellationToken));
        var strategies = report.RootElement.GetProperty("strategies").EnumerateArray().ToDictionary(static one => one.GetProperty("name").GetString()!);
        Assert.Equal(1, strategies["sequential"].GetProperty("mostInFlight").GetInt32());
        Assert.InRange(strategies["gather"].GetProperty("mostInFlight").GetInt32(), 2, 4);
        Assert.All(strategies.Values, static one =>
        {
            Assert.Equal(2, one.GetProperty("runs").GetArrayLength());
            JsonElement after = one.GetProperty("whenItemsFail");
            Assert.Equal(1, after.GetProperty("failed").GetInt32());
            Assert.Equal(0, after.GetProperty("leftRunning").GetInt32());
            Assert.Equal(20, Sum(after, "failed", "finished", "canceled", "neverStarted"));
        });
        Assert.Equal(0, strategies["whenall"].GetProperty("whenItemsFail").GetProperty("neverStarted").GetInt32());
        Assert.Equal(9, strategies["sequential"].GetProperty("whenItemsFail").GetProperty("neverStarted").GetInt32());

        static int Sum(JsonElement of, params ReadOnlySpan<string> names)
        {
            int sum = 0;
            foreach (string name in names)
            {
                sum += of.GetProperty(name).GetInt32();
            }

            return sum;
        }
    }

    [Fact]
    public async Task A_limit_above_the_number_of_items_makes_nobody_prepare_for_more()
    {
        using var home = new TemporaryFolder();
        int most = 0;
        var spy = new Strategy("spy", "remembers the limit", (source, limit, body, token) =>
        {
            most = Math.Max(most, limit);
            return BclStrategies.SequentialAsync(source, limit, body, token);
        });

        await RunAsync(Tiny with { Out = home.Path, Strategies = [spy], Concurrency = 1_000_000_000 });

        Assert.Equal(Tiny.Items, most);
    }

    [Fact]
    public async Task What_a_strategy_leaves_behind_is_counted()
    {
        using var home = new TemporaryFolder();
        var orphans = new Strategy("orphans", "starts the others when one has failed", static async (source, _, body, cancellationToken) =>
        {
            Task[] others = [];
            try
            {
                await body(10, cancellationToken);
            }
            finally
            {
                others = [.. source.Where(static item => item != 10).Select(item => body(item, cancellationToken).AsTask())];
            }

            await Task.WhenAll(others);
        });
        await RunAsync(Tiny with { Out = home.Path, Strategies = [orphans], Latency = Latency.Parse("300ms"), Rounds = 1 });

        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(home["report.json"], TestContext.Current.CancellationToken));
        JsonElement after = report.RootElement.GetProperty("strategies")[0].GetProperty("whenItemsFail");
        Assert.Equal(19, after.GetProperty("leftRunning").GetInt32());
        Assert.Equal(19, after.GetProperty("finished").GetInt32());
    }

    [Fact]
    public async Task The_live_display_runs_a_comparison_to_its_end_too()
    {
        using var home = new TemporaryFolder();
        using var output = new StringWriter();
        using var errors = new StringWriter();

        int exitCode = await CompareCommand.RunAsync(Tiny with { Out = home.Path }, ConsoleTo(output), new TerminalDisplay(ConsoleTo(output)), errors, TestContext.Current.CancellationToken);

        Assert.Equal(0, exitCode);
        Assert.Equal(3, home.Entries.Length);
    }

    [Fact]
    public async Task Without_failures_there_is_no_such_table()
    {
        using var home = new TemporaryFolder();

        (_, string output, _) = await RunAsync(Tiny with { Out = home.Path, Failures = 0, Strategies = [Strategy.Named("gather")] });

        Assert.DoesNotContain("left running", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_before_any_work()
    {
        using var home = new TemporaryFolder();
        await File.WriteAllTextAsync(home["file"], "", TestContext.Current.CancellationToken);

        (int exitCode, string output, string errors) = await RunAsync(Tiny with { Out = home["file"] });

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("compare: --out: ", Assert.Single(errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comparison_that_is_canceled_leaves_nothing_behind()
    {
        using var home = new TemporaryFolder();
        using var caller = new CancellationTokenSource();
        var display = new CancelingDisplay(caller);
        using var errors = new StringWriter();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CompareCommand.RunAsync(Tiny with { Out = home["new"] }, ConsoleTo(TextWriter.Null), display, errors, caller.Token));

        Assert.Empty(home.Entries);
    }

    [Fact]
    public async Task A_strategy_that_loses_items_is_told_and_nothing_is_written()
    {
        using var home = new TemporaryFolder();
        var lazy = new Strategy("lazy", "does half", static (source, limit, body, token) => BclStrategies.SequentialAsync(source.Where(static item => item % 2 == 0), limit, body, token));

        (int exitCode, _, string errors) = await RunAsync(Tiny with { Out = home["new"], Strategies = [lazy], Failures = 0 });

        Assert.Equal(1, exitCode);
        Assert.Contains("does half finished 10 of 20 items", errors, StringComparison.Ordinal);
        Assert.Empty(home.Entries);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(CompareSettings settings)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int exitCode = await CompareCommand.RunAsync(settings, ConsoleTo(output), new PlainDisplay(output), errors, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), errors.ToString());
    }

    private static IAnsiConsole ConsoleTo(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });

    private sealed class CancelingDisplay(CancellationTokenSource source) : IProgressDisplay
    {
        public Task ShowAsync(int runs, Func<Action<string, Strategy>, Task> comparison) => comparison((stage, _) =>
        {
            if (stage.StartsWith("round 2", StringComparison.Ordinal))
            {
                source.Cancel();
            }
        });
    }
}
