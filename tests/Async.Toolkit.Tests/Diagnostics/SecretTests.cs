using System.Diagnostics;
using System.Globalization;
using Async.Toolkit.Tests.Fakes;
using Async.Toolkit.Tests.Pages;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>What goes in and out of the work never goes into what is told about it.</summary>
[Collection(Listeners.Name)]
public sealed class SecretTests
{
    private const string Secret = "hunter2-4711-swordfish";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_argument_item_result_address_or_cursor_is_told()
    {
        var logger = new StateRecorder();
        using var metrics = new MetricRecorder();
        using var spans = new SpanRecorder();
        using var traces = new TraceRecorder();

        await Groups(logger);
        await Gathers(logger);
        await Pages(logger);
        await Timeouts(logger);

        string[] told =
        [
            .. logger.Told,
            .. metrics.All.Select(static one => $"{one.Instrument} {Text(one.Tags)}"),
            .. spans.Ended.Select(static span => $"{span.DisplayName} {span.OperationName} {span.StatusDescription} {Text(span.TagObjects)} {Text(span.Baggage)} {string.Join('\n', span.Events.Select(static one => $"{one.Name} {Text(one.Tags)}"))}"),
        ];
        Assert.True(logger.Told.Count >= 6, "There was too little to search in the log.");
        Assert.True(metrics.All.Count >= 10 && spans.Ended.Count >= 10, "There was too little to search.");
        Assert.All(told, static text => Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task Groups(ILogger logger)
    {
        var options = new TaskGroupOptions { Name = "secretive", Logger = logger, TraceChildren = true, MaxConcurrency = 1, FailurePolicy = FailurePolicy.Isolate };
        await TaskGroup.RunAsync(
            options,
            static async group =>
            {
                string kept = await group.Run(Secret, static (secret, _) => Task.FromResult(secret + "hunter2-4711-swordfish"));
                await group.Run(new ChildOptions { Name = "named" }, _ => Task.FromException(new InvalidDataException(kept))).Ended();
                group.Start(_ => throw new InvalidDataException("hunter2-4711-swordfish"));
                group.Start(kept, static (secret, _) => throw new InvalidDataException($"in an interpolation: hunter2-4711-swordfish, {secret}"));
                return kept;
            },
            Cancel).Guarded();
        await TaskGroup.RunAsync(new TaskGroupOptions { Logger = logger, TraceChildren = true }, static group => group.Run("hunter2-4711-swordfish", static (secret, _) => Task.FromException(new InvalidDataException(secret))), Cancel).OnlyFailure();
    }

    private static async Task Gathers(ILogger logger)
    {
        var options = new GatherOptions { Name = "secretive", Logger = logger, TraceItems = true, MaxConcurrency = 1 };
        await Gather.AllAsync([Secret], options, static (item, _) => Task.FromResult(item), Cancel);
        await Gather.AllAsync([Secret], new GatherOptions { Name = "secretive", Logger = logger, Progress = new Telling() }, static (item, _) => Task.FromResult(item), Cancel);
        await Gather.FirstSuccessAsync([Secret, Secret], options, new Alternating().Next, Cancel);
        await Gather.AllAsync<string, string>([Secret], options, static (item, _) => throw new InvalidDataException(item), Cancel).OnlyFailure();
    }

    private static async Task Pages(ILogger logger)
    {
        int asked = 0;
        Task<CursorPage<string>> Fetch(string? cursor, CancellationToken ct) =>
            ++asked == 2 ? throw new InvalidDataException(Secret) : Task.FromResult(new CursorPage<string>([Secret], Secret));
        await Paging.ByCursor<string>(Fetch).Prefetch(1).LogTo(logger).LoopWhile(_ => Task.FromResult(!SpinWait.SpinUntil(() => Volatile.Read(ref asked) == 2, TimeSpan.FromSeconds(30))));
        await Paging.ByCursor<string>(static (_, _) => Task.FromResult(new CursorPage<string>([Secret], Secret))).LogTo(logger).Loop().OnlyFailure();

        using var client = new HttpClient(new Refusing());
        await Paging.ByLink(client, new Uri($"https://example.test/{Secret}?token={Secret}"), LinkJson.Default.Int32Array).Prefetch(1).LogTo(logger).Loop().OnlyFailure();
    }

    private static async Task Timeouts(ILogger logger)
    {
        var deaf = new TaskCompletionSource();
        var options = new AsyncTimeoutOptions { Timeout = TimeSpan.FromTicks(1), AbandonAfter = TimeSpan.Zero, Logger = logger };
        await AsyncTimeout.RunAsync(options, _ => deaf.Task, Cancel).OnlyFailure();
        await Task.Run(() => deaf.SetException(new InvalidDataException(Secret)), Cancel);
    }

    private static string Text<T>(IEnumerable<KeyValuePair<string, T>> tags) => string.Join(' ', tags.Select(static tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}")));

    private sealed class Telling : IProgress<GatherProgress>
    {
        public void Report(GatherProgress value) => throw new InvalidDataException(Secret);
    }

    // Fails, then succeeds.
    private sealed class Alternating
    {
        private int _calls;

        public Task<string> Next(string item, CancellationToken ct) => _calls++ == 0 ? throw new InvalidDataException(item) : Task.FromResult(item);
    }

    private sealed class Refusing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException($"could not reach {request.RequestUri}");
    }

    /// <summary>Keeps texts and values of messages. Exceptions go to a logger as they are, and are their author's.</summary>
    private sealed class StateRecorder : ILogger
    {
        private readonly Lock _gate = new();
        private readonly List<string> _told = [];

        public IReadOnlyList<string> Told
        {
            get
            {
                lock (_gate)
                {
                    return [.. _told];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_gate)
            {
                _told.Add($"{eventId} {formatter(state, exception)} {(state is IEnumerable<KeyValuePair<string, object?>> values ? Text(values) : "")}");
            }
        }
    }
}
