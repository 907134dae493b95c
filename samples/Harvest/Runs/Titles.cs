using Harvest.Client;

namespace Harvest.Runs;

/// <summary>What the ways of harvesting are called.</summary>
internal static class Titles
{
    public const string OneByOne = "one at a time";

    /// <summary>As wide as the widest title.</summary>
    public const int Width = 13;

    public static string Together(int concurrency) => $"{concurrency:N0} at a time";

    public static string Of(PageStyle style) => style switch
    {
        PageStyle.Page => "by page",
        PageStyle.Offset => "by offset",
        PageStyle.Cursor => "by cursor",
        _ => "by link",
    };
}
