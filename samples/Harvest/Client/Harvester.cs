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
    public Task<TypeRecord[]> TogetherAsync(int concurrency, HarvestTally tally, CancellationToken cancellationToken)
    {
        var options = new TaskGroupOptions { Name = "Harvest", MaxConcurrency = concurrency };
        return TaskGroup.RunAsync(
            options,
            async group =>
            {
                NamespaceSummary[] namespaces = await group.Run(client.NamespacesAsync);
                tally.Expect(namespaces.Length);
                Task<TypeRecord[]>[] parts = [.. namespaces.Select(summary => group.Run(ct => TypesAsync(summary.Name, tally, ct)))];
                TypeRecord[][] harvest = await Task.WhenAll(parts);
                return harvest.SelectMany(part => part).ToArray();
            },
            cancellationToken);
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
