using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Harvest.Server;

/// <summary>
/// Makes the server slow now and then, and has a share of the requests fail: with 503, with 503 and a time to come again, or with an answer that
/// breaks off in the middle. A request that is repeated has new luck.
/// </summary>
/// <remarks>
/// What happens to a request follows from the seed, its address and how often that was asked for, not from the order in which requests
/// come in: a run can be repeated, however many of them are under way.
/// </remarks>
internal sealed class Moods(double chaos, int seed) : IEndpointFilter
{
    private const double SlowShare = 0.02;
    private static readonly TimeSpan SlowTime = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentDictionary<string, int> _asked = new();

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpRequest request = context.HttpContext.Request;
        string address = $"{request.Path}{request.QueryString}";
        int time = _asked.AddOrUpdate(address, 1, static (_, times) => times + 1);
        if (Luck("slow", address, time) < SlowShare)
        {
            await Task.Delay(SlowTime, context.HttpContext.RequestAborted);
        }

        return Luck("fails", address, time) >= chaos ? await next(context) : Fail(context.HttpContext, Luck("how", address, time));
    }

    private static IResult Fail(HttpContext http, double how)
    {
        switch (how)
        {
            case < 0.45:
                return new BrokenAnswer();
            case < 0.55:
                http.Response.Headers.RetryAfter = "1";
                break;
        }

        return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    // From 0 up to, but not including, 1.
    private double Luck(string question, string address, int time)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {question} {time} {address}"));
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) / (uint.MaxValue + 1.0);
    }
}
