using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>A listener that throws, at whatever moment, changes nothing of the work. Loggers are in <see cref="LogTests"/>.</summary>
[Collection(Listeners.Name)]
public sealed class ListenerFailureTests
{
    public static TheoryData<int> Scenarios => [.. LogScenarios.ByEvent.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Of_measurements(int scenario)
    {
        string expected = await Run(scenario);
        var measured = new Gate();
        using var metrics = new MetricRecorder
        {
            OnMeasured = _ =>
            {
                measured.Open();
                throw new InvalidOperationException("the listener is broken");
            },
        };

        Assert.Equal(expected, await Run(scenario));
        if (scenario is not (12 or 41))
        {
            // Not before the end of the work: a strike is counted after its callbacks, and whoever left the operation behind does not wait for those.
            await measured.Reached();
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Of_the_beginning_of_spans(int scenario) =>
        await ChangesNothing(scenario, static count => new ActivityListener
        {
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => count(),
        });

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Of_the_end_of_spans(int scenario) =>
        await ChangesNothing(scenario, static count => new ActivityListener
        {
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ => count(),
        });

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task That_decides_on_spans(int scenario) =>
        await ChangesNothing(scenario, static count => new ActivityListener
        {
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
            {
                count();
                return ActivitySamplingResult.AllData;
            },
        });

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Of_the_current_activity(int scenario)
    {
        string expected = await Run(scenario);
        using var spans = new SpanRecorder();
        EventHandler<ActivityChangedEventArgs> broken = static (_, _) => throw new InvalidOperationException("the handler is broken");
        Activity.CurrentChanged += broken;
        try
        {
            Assert.Equal(expected, await Task.Run(() => Run(scenario), Cancel));
        }
        finally
        {
            Activity.CurrentChanged -= broken;
        }

        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task The_other_listeners_still_get_a_span_whose_beginning_was_broken()
    {
        using var broken = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ToolkitDiagnostics.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = static _ => throw new InvalidOperationException("the listener is broken"),
        };
        ActivitySource.AddActivityListener(broken);
        using var spans = new SpanRecorder();

        await TaskGroup.RunAsync(new TaskGroupOptions { Name = "seen" }, static _ => Task.CompletedTask, Cancel);

        Assert.Single(spans.Of("seen"));
    }

    // In a second copy of the library, since instruments and sources are published but once.
    [Fact]
    public void Of_the_instruments_and_the_source_when_they_are_published()
    {
        int calls = 0;
        bool isArmed = false;
        bool Break()
        {
            calls += isArmed ? 1 : 0;
            return isArmed ? throw new InvalidOperationException("the listener is broken") : false;
        }

        using var meters = new MeterListener { InstrumentPublished = (_, _) => Break() };
        using var spans = new ActivityListener { ShouldListenTo = _ => Break() };
        meters.Start();
        ActivitySource.AddActivityListener(spans);
        var context = new AssemblyLoadContext("second copy", isCollectible: true);
        Assembly copy = context.LoadFromAssemblyPath(typeof(TaskGroup).Assembly.Location);
        Assert.NotSame(typeof(TaskGroup).Assembly, copy);
        isArmed = true;
        try
        {
            RuntimeHelpers.RunClassConstructor(copy.GetType("Async.Toolkit.Diagnostics.Instruments")!.TypeHandle);
            RuntimeHelpers.RunClassConstructor(copy.GetType("Async.Toolkit.Diagnostics.Spans")!.TypeHandle);
            Func<CancellationToken, Task> main = static _ => Task.CompletedTask;
            copy.GetType("Async.Toolkit.EventLoop")!.GetMethod("Run", [main.GetType(), typeof(CancellationToken)])!.Invoke(null, [main, Cancel]);
        }
        finally
        {
            isArmed = false;
            (copy.GetType("Async.Toolkit.Diagnostics.Instruments")!.GetField("Meter", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null) as Meter)!.Dispose();

            // The runtime obeys no command to a source while there are two of it.
            ((IDisposable)copy.GetType("Async.Toolkit.Diagnostics.ToolkitEventSource")!.GetProperty("Instance")!.GetValue(null)!).Dispose();
            context.Unload();
        }

        Assert.True(calls >= 10, $"Only {calls} were published.");
    }

    private static Task<string> Run(int scenario) => LogScenarios.ByEvent[scenario](new LogScenarios(null));

    private static async Task ChangesNothing(int scenario, Func<Action, ActivityListener> listen)
    {
        string expected = await Run(scenario);
        int calls = 0;
        using ActivityListener listener = listen(() =>
        {
            Interlocked.Increment(ref calls);
            throw new InvalidOperationException("the listener is broken");
        });
        listener.ShouldListenTo = static source => source.Name == ToolkitDiagnostics.ActivitySourceName;
        ActivitySource.AddActivityListener(listener);

        Assert.Equal(expected, await Run(scenario));
        Assert.True(calls > 0 || scenario is 10 or 11 or 12 or 41, "No span was begun.");
        Assert.Null(Activity.Current);
    }
}
