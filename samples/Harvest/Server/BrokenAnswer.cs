using Microsoft.AspNetCore.Http;

namespace Harvest.Server;

/// <summary>An answer whose connection breaks in the middle.</summary>
internal sealed class BrokenAnswer : IResult, IStatusCodeHttpResult
{
    /// <summary>For the server's own books; the client sees a 200 that does not come to its end.</summary>
    public int? StatusCode => StatusCodes.Status500InternalServerError;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json";
        httpContext.Response.ContentLength = 1_000;
        await httpContext.Response.Body.WriteAsync("""[{"fullName":"Sys"""u8.ToArray(), httpContext.RequestAborted);
        await httpContext.Response.Body.FlushAsync(httpContext.RequestAborted);
        httpContext.Abort();
    }
}
