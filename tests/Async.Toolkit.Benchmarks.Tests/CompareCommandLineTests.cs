using Async.Toolkit.Benchmarks.Compare;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

public sealed class CompareCommandLineTests
{
    [Fact]
    public void Without_arguments_the_defaults_hold()
    {
        (CompareSettings? settings, int exitCode, string errors) = Read();

        Assert.Equal(0, exitCode);
        Assert.Equal(CompareSettings.Default.Strategies, settings!.Strategies);
        Assert.Equal(CompareSettings.Default, settings with { Strategies = CompareSettings.Default.Strategies });
        Assert.Empty(errors);
    }

    [Fact]
    public void Every_option_is_read()
    {
        CompareSettings settings = Read(
            "--items", "7", "--latency", "exp:20ms", "--cpu", "10us", "--concurrency", "3", "--failures", "0.25",
            "--strategies", "gather, parallel", "--rounds", "2", "--out", "there", "--seed", "9").Settings!;

        Assert.Equal((7, "exp:20ms", TimeSpan.FromMicroseconds(10), 3), (settings.Items, settings.Latency.ToString(), settings.Cpu, settings.Concurrency));
        Assert.Equal((0.25, 2, "there", 9), (settings.Failures!.Value, settings.Rounds, settings.Out, settings.Seed));
        Assert.Equal(["gather", "parallel"], settings.Strategies.Select(static strategy => strategy.Name));
        Assert.Equal("gather", settings.Baseline.Name);
    }

    [Theory]
    [InlineData("0.25")]
    [InlineData("0.00001")]
    public void The_command_line_that_a_report_gives_asks_the_same_again(string failures)
    {
        CompareSettings settings = Read("--items", "7", "--latency", "uniform:1ms..5ms", "--failures", failures, "--strategies", "gather,parallel").Settings!;

        string[] again = settings.ToCommandLine().Split(' ')[1..];

        CompareSettings read = Read(again).Settings!;
        Assert.Equal(settings.Strategies, read.Strategies);
        Assert.Equal(settings, read with { Strategies = settings.Strategies });
    }

    [Theory]
    [InlineData("--items", "0")]
    [InlineData("--items", "-3")]
    [InlineData("--items", "many")]
    [InlineData("--items", "99999999")]
    [InlineData("--latency", "soon")]
    [InlineData("--latency", "")]
    [InlineData("--cpu", "5")]
    [InlineData("--cpu", "-5us")]
    [InlineData("--concurrency", "0")]
    [InlineData("--failures", "1.5")]
    [InlineData("--failures", "-0.1")]
    [InlineData("--failures", "NaN")]
    [InlineData("--failures", "-Infinity")]
    [InlineData("--strategies", "fastest")]
    [InlineData("--strategies", "")]
    [InlineData("--strategies", "gather,gather")]
    [InlineData("--rounds", "0")]
    [InlineData("--seed", "x")]
    [InlineData("--out", " ")]
    public void What_is_wrong_is_told_in_one_line_with_the_option_and_exit_code_2(string option, string value)
    {
        (CompareSettings? settings, int exitCode, string errors) = Read(option, value);

        Assert.Null(settings);
        Assert.Equal(2, exitCode);
        string line = Assert.Single(errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"compare: {option}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--unknown")]
    [InlineData("--items")]
    [InlineData("stray")]
    public void So_is_what_cannot_be_parsed(params string[] args)
    {
        (CompareSettings? settings, int exitCode, string errors) = Read(args);

        Assert.Null(settings);
        Assert.Equal(2, exitCode);
        Assert.Contains(args[0], Assert.Single(errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_the_strategies_and_is_no_error()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        (CompareSettings? settings, int exitCode) = CompareCommandLine.Read(["--help"], output, errors);

        Assert.Null(settings);
        Assert.Equal(0, exitCode);
        Assert.Contains("sequential, whenall, semaphore, parallel, dataflow, channel, taskgroup, gather", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_are_one_item_in_the_middle_unless_a_share_is_given()
    {
        Assert.Equal([200], CompareSettings.Default.DrawFailing());
        Assert.Empty((CompareSettings.Default with { Failures = 0 }).DrawFailing());
        Assert.Single((CompareSettings.Default with { Failures = 1e-9 }).DrawFailing());
        Assert.Equal(400, (CompareSettings.Default with { Failures = 1 }).DrawFailing().Count);
        Assert.InRange((CompareSettings.Default with { Items = 10_000, Failures = 0.1 }).DrawFailing().Count, 900, 1_100);
    }

    private static (CompareSettings? Settings, int ExitCode, string Errors) Read(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        (CompareSettings? settings, int exitCode) = CompareCommandLine.Read(args, output, errors);
        return (settings, exitCode, errors.ToString());
    }
}
