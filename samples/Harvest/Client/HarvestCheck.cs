using Harvest.Catalogue;

namespace Harvest.Client;

/// <summary>A harvest, compared record by record with what should have been harvested.</summary>
internal sealed record HarvestCheck(int Expected, int Gathered, int Lost, int Twice, int Foreign)
{
    public bool IsExact => Lost == 0 && Twice == 0 && Foreign == 0;

    public static HarvestCheck Compare(IEnumerable<TypeRecord> held, IReadOnlyCollection<TypeRecord> harvest)
    {
        HashSet<TypeRecord> expected = [.. held];
        HashSet<TypeRecord> gathered = [.. harvest];
        return new HarvestCheck(
            expected.Count,
            harvest.Count,
            Lost: expected.Count(record => !gathered.Contains(record)),
            Twice: harvest.Count - gathered.Count,
            Foreign: gathered.Count(record => !expected.Contains(record)));
    }

    public override string ToString() => $"{Gathered:N0} of {Expected:N0} records, {Lost:N0} lost, {Twice:N0} twice, {Foreign:N0} foreign";
}
