using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>The configuration of one call, checked.</summary>
internal readonly record struct GatherSettings(GatherOptions Options, int Limit, CancellationToken Token, CancellationToken SecondToken = default)
{
    public static GatherSettings Unlimited(CancellationToken token) => new(GatherOptions.Default, int.MaxValue, token);

    public static GatherSettings Of(int maxConcurrency, CancellationToken token) =>
        new(GatherOptions.Default, Check.Positive(maxConcurrency, nameof(maxConcurrency))!.Value, token);

    public static GatherSettings Of<TSource>(GatherOptions options, CancellationToken token) =>
        new(Checked<TSource>(options), options.MaxConcurrency ?? int.MaxValue, token);

    /// <summary>For the calls that would otherwise swallow a source of any length.</summary>
    public static GatherSettings Limited<TSource>(GatherOptions options, CancellationToken token) =>
        Checked<TSource>(options).MaxConcurrency is { } limit
            ? new(options, limit, token)
            : throw new ArgumentException($"{nameof(GatherOptions.MaxConcurrency)} must be set for this call: it is null.", nameof(options));

    private static GatherOptions Checked<TSource>(GatherOptions options)
    {
        if (!options.Accepts(typeof(TSource)))
        {
            throw new ArgumentException($"The options are for items of type {options.SourceType}, but the source gives {typeof(TSource)}.", nameof(options));
        }

        return options;
    }
}
