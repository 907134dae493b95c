namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>What a target is about.</summary>
internal enum Measure
{
    /// <summary>Our time, as a multiple of the rival's.</summary>
    Time,

    /// <summary>Our allocated bytes, as a multiple of the rival's.</summary>
    Bytes,

    /// <summary>How many bytes per unit we allocate more than the rival.</summary>
    BytesMore,

    /// <summary>How much our time per unit grows from the smallest to the largest count, as a multiple of the rival's growth.</summary>
    TimeGrowth,

    /// <summary>How much our bytes per unit grow from the smallest to the largest count, as a multiple of the rival's growth.</summary>
    BytesGrowth,
}
