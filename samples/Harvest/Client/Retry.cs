using System.Net;
using Polly;
using Polly.Retry;

namespace Harvest.Client;

/// <summary>When a request is worth another attempt, and when to make it.</summary>
internal static class Retry
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Repeats what a later attempt may mend: too many requests, a server that is not available, a connection that broke, an attempt that took too long.
    /// Waits as long as the server says, or else longer each time.
    /// </summary>
    public static ResiliencePipeline<HttpResponseMessage> WhileThereIsHope(Action repeating) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = MostAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is { } failure ? MayMend(failure) : MayMend(args.Outcome.Result!.StatusCode)),
                DelayGenerator = static args => ValueTask.FromResult(AskedFor(args.Outcome.Result)),
                OnRetry = _ =>
                {
                    repeating();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    // An answer that breaks off is an IOException when its body is read, and an HttpRequestException before.
    private static bool MayMend(Exception failure) => failure is HttpRequestException or IOException or TimeoutException;

    // Not 500: a server that says that it is broken will be no better at the next attempt.
    private static bool MayMend(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // Null where the server does not say: then the delays grow from attempt to attempt.
    private static TimeSpan? AskedFor(HttpResponseMessage? answer) => answer?.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } time } when time - DateTimeOffset.UtcNow is var wait => wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };
}
