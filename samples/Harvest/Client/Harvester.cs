using Async.Toolkit;
using Harvest.Catalogue;

namespace Harvest.Client;

/// <summary>Gathers the whole catalogue, in one way or another.</summary>
internal sealed class Harvester(CatalogueClient client, ClientSettings settings)
{
    /// <summary>One request after another.</summary>
    public async Task<TypeRecord[]> OneByOneAsync(HarvestTally tally, CancellationToken cancellationToken)
    {
        NamespaceSummary[] namespaces = await client.NamespacesAsync(cancellationToken);
        Expect(namespaces, tally);
        var harvest = new List<TypeRecord>();
        foreach (NamespaceSummary summary in namespaces)
        {
            harvest.AddRange(await TypesAsync(summary.Name, tally, cancellationToken));
        }

        return [.. harvest];
    }

    /// <summary>
    /// Many requests at once, never more than the settings allow. When one fails, those under way are cancelled, the others never start, and
    /// the failure is thrown once nothing runs any more.
    /// </summary>
    public async Task<TypeRecord[]> TogetherAsync(HarvestTally tally, CancellationToken cancellationToken)
    {
        NamespaceSummary[] namespaces = await client.NamespacesAsync(cancellationToken);
        Expect(namespaces, tally);
        TypeRecord[][] harvest = await Gather.AllAsync(namespaces, settings.Concurrency, (summary, ct) => TypesAsync(summary.Name, tally, ct), cancellationToken);
        return [.. harvest.SelectMany(part => part)];
    }

    /// <summary>Page by page in the given style.</summary>
    public async Task<TypeRecord[]> ByPagesAsync(PageStyle style, HarvestTally tally, CancellationToken cancellationToken)
    {
        tally.Expect((await client.SummaryAsync(cancellationToken)).Types);
        var harvest = new List<TypeRecord>();
        await foreach (Page<TypeRecord> page in client.Types(style, settings).Pages().WithCancellation(cancellationToken))
        {
            harvest.AddRange(page.Items);
            tally.Add(page.Items.Count);
        }

        return [.. harvest];
    }

    private static void Expect(NamespaceSummary[] namespaces, HarvestTally tally)
    {
        tally.Plan(namespaces.Length);
        tally.Expect(namespaces.Sum(summary => summary.Types));
    }

    private async Task<TypeRecord[]> TypesAsync(string @namespace, HarvestTally tally, CancellationToken cancellationToken)
    {
        tally.Start();
        try
        {
            TypeRecord[] types = await client.TypesAsync(@namespace, cancellationToken);
            tally.Answer();
            tally.Add(types.Length);
            return types;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            tally.Fail();
            throw;
        }
    }
}
