using Harvest.Client;
using Harvest.Server;

namespace Harvest.Command;

/// <summary>What the command line asked for.</summary>
/// <param name="Client">How the requests are made.</param>
/// <param name="Server">How the embedded server misbehaves.</param>
internal sealed record Settings(ClientSettings Client, ServerSettings Server)
{
    /// <summary>The only style of pages to harvest in; <see langword="null"/> for all of them.</summary>
    public PageStyle? Style { get; init; }
}
