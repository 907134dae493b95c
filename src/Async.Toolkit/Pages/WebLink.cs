namespace Async.Toolkit.Pages;

/// <summary>One link of a <c>Link</c> header as it stands there: nothing resolved, parameters in their order, names in their own case.</summary>
/// <param name="Target">The URI reference between the angle brackets.</param>
/// <param name="Parameters">Names and values; <see langword="null"/> where a name stands alone.</param>
internal sealed record WebLink(string Target, IReadOnlyList<KeyValuePair<string, string?>> Parameters)
{
    /// <summary>The value of the first parameter of this name, in any case; RFC 8288 has the later ones ignored.</summary>
    public string? this[string name]
    {
        get
        {
            foreach ((string key, string? value) in Parameters)
            {
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>Whether <paramref name="relation"/> is among the link's relation types.</summary>
    public bool Is(string relation)
    {
        ReadOnlySpan<char> relations = this["rel"];
        foreach (Range range in relations.SplitAny(' ', '\t'))
        {
            if (relations[range].Equals(relation, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
