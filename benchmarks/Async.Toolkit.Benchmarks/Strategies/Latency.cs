using System.Globalization;

namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>How long items wait: always the same, exponentially or evenly distributed, for a single yield, or not at all.</summary>
internal sealed record Latency
{
    /// <summary>Stands for an item that gives its thread away once and waits for nothing.</summary>
    public const int Yield = -1;

    private readonly Kind _kind;
    private readonly TimeSpan _from;
    private readonly TimeSpan _to;

    private Latency(Kind kind, TimeSpan from = default, TimeSpan to = default) => (_kind, _from, _to) = (kind, from, to);

    private enum Kind
    {
        None,
        Yield,
        Fixed,
        Exponential,
        Uniform,
    }

    /// <summary>Reads "none", "yield", "5ms", "exp:20ms" or "uniform:1ms..50ms".</summary>
    /// <exception cref="FormatException">The text is none of these; the message says what is wrong.</exception>
    public static Latency Parse(string text)
    {
        switch (text.Split(':', 2))
        {
            case ["none"]:
                return new Latency(Kind.None);
            case ["yield"]:
                return new Latency(Kind.Yield);
            case ["exp", string mean]:
                return new Latency(Kind.Exponential, Wait(mean));
            case ["uniform", string range]:
                if (range.Split("..") is not [string low, string high])
                {
                    throw new FormatException($"'{range}' is no range such as 1ms..50ms");
                }

                var even = new Latency(Kind.Uniform, Wait(low), Wait(high));
                return even._from <= even._to ? even : throw new FormatException($"the range {range} ends before it begins");
            case [string time] when Duration.Parse(time) == TimeSpan.Zero:
                return new Latency(Kind.None);
            case [string time]:
                return new Latency(Kind.Fixed, Wait(time));
            default:
                throw new FormatException($"'{text}' is no latency such as 5ms, exp:20ms, uniform:1ms..50ms, yield or none");
        }
    }

    /// <summary>A wait in whole milliseconds, <see cref="Yield"/>, or 0 for none.</summary>
    public int Next(Random random) => _kind switch
    {
        Kind.Fixed => Whole(_from.TotalMilliseconds),
        Kind.Exponential => Whole(-Math.Log(1 - random.NextDouble()) * _from.TotalMilliseconds),
        Kind.Uniform => Whole(_from.TotalMilliseconds + (random.NextDouble() * (_to - _from).TotalMilliseconds)),
        Kind.Yield => Yield,
        _ => 0,
    };

    public override string ToString() => _kind switch
    {
        Kind.Fixed => Duration.Show(_from),
        Kind.Exponential => $"exp:{Duration.Show(_from)}",
        Kind.Uniform => $"uniform:{Duration.Show(_from)}..{Duration.Show(_to)}",
        Kind.Yield => "yield",
        _ => "none",
    };

    // Timers count whole milliseconds, and a wait of zero would be none.
    private static int Whole(double milliseconds) => (int)Math.Clamp(Math.Round(milliseconds), 1, int.MaxValue);

    private static TimeSpan Wait(string text)
    {
        TimeSpan time = Duration.Parse(text);
        return time >= TimeSpan.FromMilliseconds(1)
            ? time
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{text} is shorter than the millisecond that timers count in; use yield, or --cpu for work that takes less"));
    }
}
