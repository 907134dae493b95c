using System.Diagnostics;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// The spans of the library. Beginning or ending one leaves the current activity of the thread as it was, and what a listener throws costs at most
/// the span.
/// </summary>
internal static class Spans
{
    // More of them than this tell nobody more.
    private const int MostFailures = 10;

    private static readonly ActivitySource? Source = Create();

    public static bool AreOn => Source?.HasListeners() == true;

    /// <summary>
    /// Begins a span under the current activity; <see langword="null"/> where nobody wants it. Names come here as the user gave them, and leave on one line.
    /// </summary>
    public static Activity? Begin(string name, TimeProvider clock, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!AreOn)
        {
            return null;
        }

        var flow = ExecutionContext.Capture();
        Activity? caller = Activity.Current;
        Activity? span = null;
        try
        {
            // First created and then started: a listener that throws at the start leaves us with the span all the same.
            span = Source!.CreateActivity(SourceText.Whole(name), ActivityKind.Internal, default(ActivityContext), OnOneLine(tags));
            span?.SetStartTime(Now(clock).UtcDateTime).Start();
        }
        catch (Exception)
        {
        }

        Restore(flow, caller);
        return span;
    }

    public static void Tag(Activity? span, string name, object? value)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(name, value);
        }
    }

    /// <summary>Ends a span, on whatever thread this is.</summary>
    /// <param name="span">The span, if there is one.</param>
    /// <param name="clock">The clock that it began by.</param>
    /// <param name="outcome">How the work ended.</param>
    /// <param name="failures">What the work failed with; empty where it did not.</param>
    /// <param name="description">What there is to say beside the type of the failure.</param>
    public static void End(Activity? span, TimeProvider clock, string outcome, IReadOnlyList<Exception> failures, string? description = null)
    {
        if (span is null)
        {
            return;
        }

        var flow = ExecutionContext.Capture();
        Activity? caller = Activity.Current;
        try
        {
            Tag(span, Tags.Outcome, outcome);
            if (failures.Count > 0)
            {
                Fail(span, clock, failures, description);
            }

            span.SetEndTime(Now(clock).UtcDateTime);
            span.Stop();
        }
        catch (Exception)
        {
            // A listener's own trouble.
        }

        Restore(flow, caller);
    }

    /// <summary>Makes a span the current one of this flow.</summary>
    public static void MakeCurrent(Activity? span)
    {
        try
        {
            Activity.Current = span;
        }
        catch (Exception)
        {
            // A handler of the change; the change itself has been made.
        }
    }

    private static KeyValuePair<string, object?>[] OnOneLine(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        KeyValuePair<string, object?>[] all = tags.ToArray();
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = all[i].Value is string text ? new(all[i].Key, SourceText.Whole(text)) : all[i];
        }

        return all;
    }

    // Types and the methods on the stack are told, never a message: it may hold a value that nobody wants to see in a trace.
    private static void Fail(Activity span, TimeProvider clock, IReadOnlyList<Exception> failures, string? description)
    {
        span.SetStatus(ActivityStatusCode.Error, description);
        if (!span.IsAllDataRequested)
        {
            return;
        }

        span.SetTag(Tags.ErrorType, Report.TypeOf(failures[0]));
        foreach (Exception failure in failures.Take(MostFailures))
        {
            ActivityTagsCollection tags = new() { [Tags.ExceptionType] = Report.TypeOf(failure) };
            if (StackOf(failure) is { } stack)
            {
                tags.Add(Tags.ExceptionStack, stack);
            }

            span.AddEvent(new ActivityEvent("exception", Now(clock), tags));
        }
    }

    private static string? StackOf(Exception failure)
    {
        try
        {
            return failure.StackTrace;
        }
        catch (Exception)
        {
            // User code, where it is overridden.
            return null;
        }
    }

    private static DateTimeOffset Now(TimeProvider clock)
    {
        try
        {
            return clock.GetUtcNow();
        }
        catch (Exception)
        {
            return DateTimeOffset.UtcNow;
        }
    }

    // By the context, which takes back also what listeners have left there, and which may hold an activity that has ended: that cannot be set again.
    private static void Restore(ExecutionContext? flow, Activity? caller)
    {
        if (flow is null)
        {
            MakeCurrent(caller);
            return;
        }

        try
        {
            ExecutionContext.Restore(flow);
        }
        catch (Exception)
        {
        }
    }

    private static ActivitySource? Create()
    {
        try
        {
            return new ActivitySource(ToolkitDiagnostics.ActivitySourceName, ToolkitDiagnostics.Version);
        }
        catch (Exception)
        {
            // A listener that threw when it was asked whether it wants this source.
            return null;
        }
    }
}
