using Harvest.Client;
using Harvest.Server;

namespace Harvest.Command;

/// <summary>What the command line asked for.</summary>
/// <param name="Client">How the requests are made.</param>
/// <param name="Server">How the embedded server misbehaves.</param>
internal sealed record Settings(ClientSettings Client, ServerSettings Server)
{
    /// <summary>The only style of pages to harvest in; <see langword="null"/> for all of them, or for the first where there can be only one.</summary>
    public PageStyle? Style { get; init; }

    /// <summary>An API of somebody else, to harvest instead of the embedded server's.</summary>
    public Uri? Url { get; init; }

    /// <summary>The file that gets the records.</summary>
    public string? Out { get; init; }

    /// <summary>Whether to go on where the run before was interrupted.</summary>
    public bool Resumes { get; init; }

    /// <summary>Whether to do nothing but serve.</summary>
    public bool Serves { get; init; }

    /// <summary>Whether to print the task tree to stderr while the program works.</summary>
    public bool ShowsTree { get; init; }
}
