using System.Reflection;
using System.Text.RegularExpressions;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Tests.Conventions;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>Every message of the log: its table in the documentation, what makes it, and where it goes.</summary>
[Collection(Listeners.Name)]
public sealed partial class LogTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyList<(int Id, string Name, LogLevel Level)> Messages =
    [
        .. from method in typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()!
           orderby message.EventId
           select (message.EventId, message.EventName!, message.Level)
    ];

    public static TheoryData<int> Events => [.. Messages.Select(static message => message.Id)];

    public void Dispose() => ToolkitDiagnostics.LoggerFactory = null;

    [Fact]
    public void The_documentation_lists_every_message_with_its_id_its_name_and_its_level()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "diagnostics.md"));
        var listed = Row().Matches(page).Select(static row => (int.Parse(row.Groups["id"].ValueSpan, null), row.Groups["name"].Value, Enum.Parse<LogLevel>(row.Groups["level"].ValueSpan)));

        Assert.Equal(Messages, listed);
    }

    [Fact]
    public void No_two_messages_share_an_id_or_a_name()
    {
        Assert.NotEmpty(Messages);
        Assert.Equal(Messages.Count, Messages.Select(static message => message.Id).Distinct().Count());
        Assert.Equal(Messages.Count, Messages.Select(static message => message.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Events))]
    public async Task A_logger_hears_each_message_at_its_level(int id)
    {
        LogLevel level = Messages.Single(message => message.Id == id).Level;
        var logger = new FakeLogger(level);
        var deaf = new FakeLogger(level + 1);

        await LogScenarios.ByEvent[id](new LogScenarios(logger));
        await LogScenarios.ByEvent[id](new LogScenarios(deaf));

        LogEntry entry = await logger.First(id);
        Assert.Equal(level, entry.Level);
        Assert.Equal(Messages.Single(message => message.Id == id).Name, entry.Event.Name);
        Assert.Empty(deaf.Of(id));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public async Task A_name_that_would_break_a_line_is_escaped_in_every_message(int id)
    {
        string broken = "two\nlines \u202e\u2028\u001b[31m" + '\uD83D';
        var logger = new FakeLogger();

        await LogScenarios.ByEvent[id](new LogScenarios(logger, name: broken));

        string message = (await logger.First(id)).Message;
        Assert.DoesNotContain(message, static c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u202e' or '\u2028');
        Assert.True(id >= 40 || message.Contains(@"two\nlines \u202e\u2028\u001b[31m\ud83d", StringComparison.Ordinal), message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_child_is_told_with_its_place_in_the_same_way_in_every_message(int id)
    {
        var logger = new FakeLogger();

        await LogScenarios.ByEvent[id](new LogScenarios(logger));

        Assert.Matches($@" \({nameof(LogScenarios)}\.cs:\d+\)\.$", (await logger.First(id)).Message);
    }

    [Fact]
    public async Task An_operation_without_a_name_is_spoken_of_as_one()
    {
        var logger = new FakeLogger();
        var clock = new FakeTimeProvider();
        await using (var scope = new AsyncTimeout(new AsyncTimeoutOptions { Timeout = Guard, TimeProvider = clock, Logger = logger }, TestContext.Current.CancellationToken))
        {
            scope.Token.Register(static () => throw new InvalidDataException());
            clock.Advance(Guard);
        }

        Assert.Equal("A cancellation callback of the operation failed; its failure reaches nobody else.", Assert.Single(logger.Of(12)).Message);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public async Task The_factory_in_the_options_gives_the_logger(int id)
    {
        var logger = new FakeLogger();
        var factory = new FakeLoggerFactory(() => logger);
        ToolkitDiagnostics.LoggerFactory = new FakeLoggerFactory(static () => throw new InvalidOperationException("not this one"));

        await LogScenarios.ByEvent[id](new LogScenarios(null, factory));

        await logger.First(id);
        Assert.Equal("Async.Toolkit", Assert.Single(factory.Categories));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public async Task The_factory_of_the_process_gives_the_logger_where_the_options_say_nothing(int id)
    {
        var logger = new FakeLogger();
        var factory = new FakeLoggerFactory(() => logger);
        ToolkitDiagnostics.LoggerFactory = factory;

        await LogScenarios.ByEvent[id](new LogScenarios(null));

        await logger.First(id);
        Assert.Equal(ToolkitDiagnostics.LogCategory, Assert.Single(factory.Categories));
    }

    [Fact]
    public async Task The_group_inside_a_call_logs_where_its_options_say()
    {
        var logger = new FakeLogger();
        var factory = new FakeLoggerFactory(() => logger);
        CancellationToken cancel = TestContext.Current.CancellationToken;

        await Gather.ForEachAsync([1], new GatherOptions { Name = "gather", MaxConcurrency = 1, LoggerFactory = factory }, static (_, _) => throw new InvalidDataException(), cancel).OnlyFailure();
        await AsyncApp.RunAsync(new AsyncAppOptions { Name = "app", HandleSignals = false, Error = TextWriter.Null, LoggerFactory = factory }, static _ => Task.FromException(new InvalidDataException()), cancel).Guarded();
        await Task.Run(() => EventLoop.Run(new EventLoopOptions { Name = "loop", LoggerFactory = factory }, static _ => Task.FromException(new InvalidDataException()), cancel), cancel).OnlyFailure();

        Assert.Equal(["Gather 'gather'", "App 'app'", "Event loop 'loop'"], logger.Of(1).Select(static entry => entry.Message.Split(" failed")[0]));
    }

    [Fact]
    public async Task The_logger_in_the_options_wins_over_both_factories()
    {
        var logger = new FakeLogger();
        var other = new FakeLogger();
        ToolkitDiagnostics.LoggerFactory = new FakeLoggerFactory(() => other);

        await LogScenarios.ByEvent[1](new LogScenarios(logger, new FakeLoggerFactory(() => other)));

        Assert.Single(logger.Of(1));
        Assert.Empty(other.Entries);
    }

    [Fact]
    public async Task The_factory_of_the_process_counts_from_the_moment_it_is_set()
    {
        var logger = new FakeLogger();
        Task group = TaskGroup.RunAsync(
            group =>
            {
                ToolkitDiagnostics.LoggerFactory = new FakeLoggerFactory(() => logger);
                throw new InvalidDataException();
            },
            TestContext.Current.CancellationToken);

        await group.OnlyFailure();

        Assert.Single(logger.Of(1));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public async Task A_logger_that_throws_changes_nothing(int id)
    {
        string expected = await LogScenarios.ByEvent[id](new LogScenarios(null));

        foreach (bool alreadyWhenAsked in (bool[])[true, false])
        {
            var broken = new ThrowingLogger(alreadyWhenAsked);
            Assert.Equal(expected, await LogScenarios.ByEvent[id](new LogScenarios(broken)));
            Assert.True(SpinWait.SpinUntil(() => broken.Calls > 0, Guard));
        }
    }

    [Theory]
    [MemberData(nameof(Events))]
    public async Task A_factory_that_throws_changes_nothing(int id)
    {
        string expected = await LogScenarios.ByEvent[id](new LogScenarios(null));
        var broken = new FakeLoggerFactory(static () => throw new InvalidOperationException("the factory is broken"));
        var empty = new FakeLoggerFactory(static () => null!);
        ToolkitDiagnostics.LoggerFactory = broken;

        Assert.Equal(expected, await LogScenarios.ByEvent[id](new LogScenarios(null)));
        Assert.Equal(expected, await LogScenarios.ByEvent[id](new LogScenarios(null, empty)));

        Assert.True(SpinWait.SpinUntil(() => broken.Categories.Count > 0 && empty.Categories.Count > 0, Guard));
    }

    [Fact]
    public async Task A_factory_that_gave_nothing_is_asked_again()
    {
        var logger = new FakeLogger();
        bool isReady = false;
        var factory = new FakeLoggerFactory(() => isReady ? logger : null!);

        await LogScenarios.ByEvent[30](new LogScenarios(null, factory));
        isReady = true;
        await LogScenarios.ByEvent[30](new LogScenarios(null, factory));

        await logger.First(30);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(40)]
    [InlineData(41)]
    public async Task A_failure_that_reaches_nobody_else_goes_to_the_trace_listeners_where_no_logger_takes_it(int id)
    {
        Func<LogScenarios, Task> scenario = LogScenarios.ByEvent[id];
        LogLevel tooHigh = Messages.Single(message => message.Id == id).Level + 1;
        foreach (ILogger? logger in (ILogger?[])[null, new FakeLogger(tooHigh), new ThrowingLogger(true), new ThrowingLogger(false)])
        {
            using var traces = new TraceRecorder();
            await scenario(new LogScenarios(logger));
            Assert.True(SpinWait.SpinUntil(() => traces.Text.Contains("System.", StringComparison.Ordinal), Guard), $"Nothing was traced, with {logger}.");
        }

        using var quiet = new TraceRecorder();
        var listening = new FakeLogger();
        await scenario(new LogScenarios(listening));
        await listening.First(id);
        Assert.Empty(quiet.Text);
    }

    [GeneratedRegex(@"^\| (?<id>\d+) \| `(?<name>\w+)` \| (?<level>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
