using System.Reflection;
using Async.Toolkit.Benchmarks.Strategies;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

/// <summary>What the report takes for granted about the classes of the suite.</summary>
public sealed class SuiteTests
{
    public static TheoryData<string> Parts => [.. SuitePart.All.Select(static part => part.Name)];

    [Fact]
    public void Every_class_with_benchmarks_has_its_place_in_the_report()
    {
        IEnumerable<string> classes =
            from type in typeof(SuitePart).Assembly.GetTypes()
            where type.GetMethods().Any(static method => method.IsDefined(typeof(BenchmarkAttribute)))
            select type.Name;

        Assert.Equal(classes.Order(), SuitePart.All.Select(static part => part.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_has_one_baseline_something_of_ours_and_names_that_differ(string name)
    {
        var part = SuitePart.Named(name);

        Assert.Single(part.Contenders, static contender => contender.IsBaseline);
        Assert.Contains(part.Contenders, static contender => contender.IsOurs);
        Assert.Equal(part.Contenders.Count, part.Contenders.Select(static contender => contender.Label).Distinct().Count());
    }

    [Fact]
    public void Only_the_price_of_listening_and_virtual_time_have_no_rival() =>
        Assert.Equal([nameof(DiagnosticsBenchmarks), nameof(VirtualTimeBenchmarks)], SuitePart.All.Where(static part => !part.HasRivals).Select(static part => part.Name));

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_target_is_for_a_method_of_ours_against_a_rival_that_exists(string name)
    {
        var part = SuitePart.Named(name);

        Assert.All(part.Targets, target =>
        {
            Assert.Contains(part.Contenders, contender => contender.IsOurs && contender.Method == target.Ours);
            Assert.True(target.Rival is null || part.Contenders.Any(contender => !contender.IsOurs && contender.Method == target.Rival));
        });
    }

    [Fact]
    public void What_is_measured_in_another_way_than_the_page_says_tells_so_itself()
    {
        Assembly assembly = typeof(SuitePart).Assembly;

        string[] others = [.. SuitePart.All.Where(part => assembly.GetType($"Async.Toolkit.Benchmarks.{part.Name}")!.IsDefined(typeof(MaxIterationCountAttribute))).Select(static part => part.Question)];

        Assert.NotEmpty(others);
        Assert.All(others, static question => Assert.Matches(@"mean of \d+ to \d+ calls after \d+ to \d+ for warming up", question));
    }

    [Fact]
    public void The_suite_asks_the_question_of_compare_with_the_same_strategies_and_the_same_baseline()
    {
        var part = SuitePart.Named(nameof(CompareDefaultsBenchmarks));

        Assert.Equal(Strategy.All.Select(static strategy => strategy.Title).Order(), part.Contenders.Select(static contender => contender.Label).Order());
        Assert.Equal(Compare.CompareSettings.Default.Baseline.Title, part.Contenders.Single(static contender => contender.IsBaseline).Label);
    }

    [Theory]
    [InlineData("Limit=8, Waits=True", "Waits=True", true)]
    [InlineData("Limit=8, Waits=True", "Waits=True, Limit=8", true)]
    [InlineData("Limit=8, Waits=True", "", true)]
    [InlineData("Limit=8, Waits=True", "Limit=80", false)]
    [InlineData("", "Limit=8", false)]
    public void A_row_includes_what_it_has_the_same_values_for(string row, string where, bool includes) =>
        Assert.Equal(includes, new RowKey(row).Includes(new RowKey(where)));

    [Fact]
    public void A_job_on_the_command_line_takes_the_place_of_ours()
    {
        Assert.Single(SuiteConfig.For(["--filter", "*"]).GetJobs());
        Assert.Empty(SuiteConfig.For(["--job", "dry"]).GetJobs());
    }
}
