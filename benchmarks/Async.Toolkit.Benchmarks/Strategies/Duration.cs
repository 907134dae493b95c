using System.Globalization;

namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>Durations as people write them: 50us, 5ms, 1.5s.</summary>
internal static class Duration
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly (string Suffix, TimeSpan One)[] Units =
    [
        ("us", TimeSpan.FromMicroseconds(1)),
        ("µs", TimeSpan.FromMicroseconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <exception cref="FormatException">The text is no duration; the message says what is wrong.</exception>
    public static TimeSpan Parse(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        foreach ((string suffix, TimeSpan one) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && double.IsFinite(number))
            {
                return number * one.TotalSeconds <= Longest.TotalSeconds
                    ? number * one
                    : throw new FormatException($"{text} is longer than {Show(Longest)}");
            }
        }

        throw new FormatException($"'{text}' is no duration such as 50us, 5ms or 1.5s");
    }

    /// <summary>In the form that <see cref="Parse"/> reads.</summary>
    public static string Show(TimeSpan time) =>
        time == TimeSpan.Zero ? "0"
        : time >= TimeSpan.FromSeconds(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s")
        : time >= TimeSpan.FromMilliseconds(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0.###}us");
}
