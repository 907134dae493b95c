using Harvest.Catalogue;
using Microsoft.AspNetCore.Http;

namespace Harvest.Server;

/// <summary>Answers with the types of one namespace.</summary>
internal sealed class TypesEndpoint(RuntimeCatalogue catalogue, string? failingNamespace)
{
    public async Task<IResult> AnswerAsync(string name, CancellationToken aborted)
    {
        TypeRecord[] types = name == failingNamespace ? [] : catalogue.TypesOf(name) ?? [];
        await Work.LookUpAsync(types.Length, aborted);
        return types.Length > 0 ? Results.Json(types, CatalogueJson.Default.TypeRecordArray)
            : name == failingNamespace ? Results.StatusCode(StatusCodes.Status500InternalServerError)
            : Results.NotFound();
    }
}
