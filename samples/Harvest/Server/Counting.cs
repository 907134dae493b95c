using Microsoft.AspNetCore.Http;

namespace Harvest.Server;

/// <summary>Notes each request and its outcome in the server's log.</summary>
internal sealed class Counting(ServerLog log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        log.Entered();
        try
        {
            object? result = await next(context);
            log.Answered((result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK);
            return result;
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            log.Abandoned();
            return Results.Empty;
        }
        finally
        {
            // Before the answer is sent: a client that has it may already have the next request on its way.
            log.Left();
        }
    }
}
