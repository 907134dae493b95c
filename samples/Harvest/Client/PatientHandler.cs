using System.Threading.RateLimiting;
using Async.Toolkit;
using Polly;

namespace Harvest.Client;

/// <summary>
/// Goes with every request of a client, whatever style of pages it is for: each attempt waits for its turn, has a time limit up to the last byte of its
/// answer, and is repeated while there is hope.
/// </summary>
internal sealed class PatientHandler : DelegatingHandler
{
    private readonly RateLimiter? _rate;
    private readonly TimeSpan _timeout;
    private readonly ResiliencePipeline<HttpResponseMessage> _retry;
    private int _repeated;

    public PatientHandler(ClientSettings settings)
        : base(new SocketsHttpHandler())
    {
        _rate = settings.Rate is { } perSecond ? RequestRate.PerSecond(perSecond) : null;
        _timeout = settings.Timeout;
        _retry = Retry.WhileThereIsHope(() => Interlocked.Increment(ref _repeated));
    }

    /// <summary>How many attempts were not the first of their request.</summary>
    public int Repeated => Volatile.Read(ref _repeated);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(static (call, ct) => call.Handler.AttemptAsync(call.Request, ct), (Handler: this, Request: request), cancellationToken);

    protected override void Dispose(bool disposing)
    {
        _rate?.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using RateLimitLease? turn = _rate is null ? null : await _rate.AcquireAsync(cancellationToken: cancellationToken);
        return await AsyncTimeout.RunAsync(_timeout, ct => WholeAnswerAsync(request, ct), cancellationToken);
    }

    private async Task<HttpResponseMessage> WholeAnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        try
        {
            // In here, so that an answer that breaks off in the middle is an attempt that failed.
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
