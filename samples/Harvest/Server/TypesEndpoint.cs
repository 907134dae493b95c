using Harvest.Catalogue;
using Microsoft.AspNetCore.Http;

namespace Harvest.Server;

/// <summary>Answers with the types of one namespace, as fast as a server does that has to look them up.</summary>
internal sealed class TypesEndpoint(RuntimeCatalogue catalogue, string? failingNamespace, ServerLog log)
{
    public const double MillisecondsPerAnswer = 10;
    public const double MillisecondsPerType = 0.3;

    public async Task<IResult> AnswerAsync(string name, CancellationToken aborted)
    {
        log.Entered();
        try
        {
            TypeRecord[] types = name == failingNamespace ? [] : catalogue.TypesOf(name) ?? [];
            await Task.Delay(TimeSpan.FromMilliseconds(MillisecondsPerAnswer + (MillisecondsPerType * types.Length)), aborted);
            log.Answered(succeeded: types.Length > 0);
            return types.Length > 0 ? Results.Json(types, CatalogueJson.Default.TypeRecordArray)
                : name == failingNamespace ? Results.StatusCode(StatusCodes.Status500InternalServerError)
                : Results.NotFound();
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
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
