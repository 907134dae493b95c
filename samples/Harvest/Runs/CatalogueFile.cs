using System.Text.Json;
using Harvest.Catalogue;
using Harvest.Client;

namespace Harvest.Runs;

/// <summary>A harvest of the catalogue as it stands in a file, whatever number of runs has written it.</summary>
internal static class CatalogueFile
{
    /// <summary>Compares a file, record by record, with what should stand there.</summary>
    public static async Task<HarvestCheck> CheckAsync(string path, RuntimeCatalogue catalogue, CancellationToken cancellationToken)
    {
        var records = new List<TypeRecord>();
        await foreach (string line in File.ReadLinesAsync(path, cancellationToken))
        {
            records.Add(JsonSerializer.Deserialize(line, CatalogueJson.Default.TypeRecord)!);
        }

        return HarvestCheck.Compare(catalogue.AllTypes, records);
    }
}
