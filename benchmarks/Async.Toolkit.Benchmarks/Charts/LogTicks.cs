using ScottPlot.TickGenerators;

namespace Async.Toolkit.Benchmarks.Charts;

/// <summary>Marks for an axis that shows logarithms: at 1, 2 and 5 of each power of ten, at more of its digits in a narrow range; in a wide one only the powers get a figure.</summary>
internal static class LogTicks
{
    private const double Wide = 1.8;
    private const double Narrow = 0.8;

    /// <param name="least">The smallest value, not its logarithm.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="label">Writes a value.</param>
    public static NumericManual Between(double least, double most, Func<double, string> label)
    {
        var ticks = new NumericManual();
        double decades = Math.Log10(most / least);
        int[] digits = decades < Narrow ? [1, 2, 3, 4, 5, 7] : [1, 2, 5];
        for (double power = Math.Pow(10, Math.Floor(Math.Log10(least))); power <= most * 1.0001; power *= 10)
        {
            foreach (int digit in digits)
            {
                double value = digit * power;
                if (value < least * 0.9999 || value > most * 1.0001)
                {
                    continue;
                }

                if (digit == 1 || decades <= Wide)
                {
                    ticks.AddMajor(Math.Log10(value), label(value));
                }
                else
                {
                    ticks.AddMinor(Math.Log10(value));
                }
            }
        }

        return ticks;
    }
}
