namespace Harvest.Server;

/// <summary>Where all records are, page by page, in four styles.</summary>
internal static class Routes
{
    public const string ByPage = "/types/by-page";
    public const string ByOffset = "/types/by-offset";
    public const string ByCursor = "/types/by-cursor";
    public const string ByLink = "/types/by-link";
}
