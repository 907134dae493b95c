using Async.Toolkit;
using Harvest.Catalogue;

namespace Harvest.Client;

/// <summary>Gathers the whole catalogue, in one way or the other.</summary>
internal sealed class Harvester(CatalogueClient client)
{
    /// <summary>One request after another.</summary>
    public async Task<TypeRecord[]> OneByOneAsync(HarvestTally tally, CancellationToken cancellationToken)
    {
        NamespaceSummary[] namespaces = await client.NamespacesAsync(cancellationToken);
        tally.Expect(namespaces.Length);
        var harvest = new List<TypeRecord>();
        foreach (NamespaceSummary summary in namespaces)
        {
            harvest.AddRange(await TypesAsync(summary.Name, tally, cancellationToken));
        }

        return [.. harvest];
    }

    /// <summary>
    /// Many requests at once, never more than <paramref name="concurrency"/>. When one fails, those under way are cancelled, the others never start, and
    /// the failure is thrown once nothing runs any more.
    /// </summary>
    public async Task<TypeRecord[]> TogetherAsync(int concurrency, HarvestTally tally, CancellationToken cancellationToken)
    {
        NamespaceSummary[] namespaces = await client.NamespacesAsync(cancellationToken);
        tally.Expect(namespaces.Length);
        TypeRecord[][] harvest = await Gather.AllAsync(namespaces, concurrency, (summary, ct) => TypesAsync(summary.Name, tally, ct), cancellationToken);
        return [.. harvest.SelectMany(part => part)];
    }

    private async Task<TypeRecord[]> TypesAsync(string @namespace, HarvestTally tally, CancellationToken cancellationToken)
    {
        tally.Start();
        try
        {
            TypeRecord[] types = await client.TypesAsync(@namespace, cancellationToken);
            tally.Gather(types.Length);
            return types;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            tally.Fail();
            throw;
        }
    }
}
