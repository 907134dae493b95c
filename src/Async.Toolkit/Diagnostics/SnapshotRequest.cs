using System.Globalization;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Diagnostics;

/// <summary>What somebody outside asked for with the arguments of its command.</summary>
/// <param name="MaxNodes">The most nodes to be sent.</param>
internal sealed record SnapshotRequest(int MaxNodes)
{
    public const int DefaultMaxNodes = 100_000;

    private const string Snapshot = "Snapshot";
    private const string Limit = "MaxNodes";

    // Sent to every source along with other things by the tools that watch counters.
    private const string CounterInterval = "EventCounterIntervalSec";

    /// <summary>Reads the arguments; <see langword="null"/> where no snapshot is asked for.</summary>
    /// <exception cref="ArgumentException">They ask for something that is not there. Nothing of them may take effect.</exception>
    public static SnapshotRequest? Read(IDictionary<string, string?>? arguments)
    {
        bool isWanted = false;
        int? maxNodes = null;
        foreach ((string name, string? value) in arguments ?? new Dictionary<string, string?>())
        {
            if (Is(name, Snapshot))
            {
                isWanted = Is(value, "tree") ? true : throw Wrong(name, value, "it must be tree");
            }
            else if (Is(name, Limit))
            {
                maxNodes = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
                    ? number
                    : throw Wrong(name, value, $"it must be a number from 1 to {int.MaxValue}");
            }
            else if (!Is(name, CounterInterval))
            {
                throw Wrong(name, value, $"the arguments are {Snapshot} and {Limit}");
            }
        }

        return !isWanted && maxNodes is not null
            ? throw Wrong(Limit, maxNodes.Value.ToString(CultureInfo.InvariantCulture), $"it goes with {Snapshot}=tree")
            : isWanted ? new SnapshotRequest(maxNodes ?? DefaultMaxNodes) : null;
    }

    private static bool Is(string? text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);

    private static ArgumentException Wrong(string name, string? value, string why) =>
        new($"{SourceText.OneLine(name)}={SourceText.OneLine(value ?? "")}: {why}.");
}
