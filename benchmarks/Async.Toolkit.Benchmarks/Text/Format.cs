using System.Globalization;

namespace Async.Toolkit.Benchmarks.Text;

/// <summary>Figures as people read them: three digits and a unit.</summary>
internal static class Format
{
    private static readonly (double One, string Name)[] Times = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")];
    private static readonly (double One, string Name)[] Sizes = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B")];

    /// <summary>For the marks of an axis, which are round figures: no zeros behind the point.</summary>
    public static string NanosecondsMark(double nanoseconds) => WithUnit(nanoseconds, Times, Plain);

    /// <summary>For the marks of an axis, which are round figures: no zeros behind the point.</summary>
    public static string BytesMark(double bytes) => WithUnit(bytes, Sizes, Plain);

    public static string Milliseconds(double milliseconds) => Nanoseconds(milliseconds * 1e6);

    public static string Nanoseconds(double nanoseconds) => WithUnit(nanoseconds, Times, Digits);

    public static string Bytes(double bytes) => WithUnit(bytes, Sizes, Digits);

    public static string Ratio(double ratio) => $"{Digits(ratio)}×";

    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits, more only in front of the point.</summary>
    public static string Digits(double value)
    {
        string format = Math.Abs(value) switch
        {
            >= 99.95 => "N0",
            >= 9.995 => "0.0",
            _ => "0.00",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Plain(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string WithUnit(double value, (double One, string Name)[] units, Func<double, string> write)
    {
        // The unit in which the rounded figure is at least one: 999.96 ms is 1.00 s.
        foreach ((double one, string name) in units)
        {
            if (Math.Abs(value) >= one * 0.9995 || one == 1)
            {
                return value == 0 ? $"0 {name}" : $"{write(value / one)} {name}";
            }
        }

        return write(value);
    }
}
