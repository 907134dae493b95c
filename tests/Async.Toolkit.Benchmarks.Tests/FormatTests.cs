using Async.Toolkit.Benchmarks.Text;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(0.5, "0.50 ns")]
    [InlineData(12.34, "12.3 ns")]
    [InlineData(999.94, "1.00 µs")]
    [InlineData(1_234, "1.23 µs")]
    [InlineData(99_960, "100 µs")]
    [InlineData(45_600_000, "45.6 ms")]
    [InlineData(2_500_000_000, "2.50 s")]
    [InlineData(123_456_000_000_000, "123,456 s")]
    public void Times_have_three_digits_and_a_unit(double nanoseconds, string text) => Assert.Equal(text, Format.Nanoseconds(nanoseconds));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(104, "104 B")]
    [InlineData(-3.2, "-3.20 B")]
    [InlineData(1_500, "1.50 kB")]
    [InlineData(999_960, "1.00 MB")]
    public void So_have_sizes(double bytes, string text) => Assert.Equal(text, Format.Bytes(bytes));

    [Theory]
    [InlineData(500, "500 ns")]
    [InlineData(1_000, "1 µs")]
    [InlineData(20_000_000, "20 ms")]
    public void Marks_of_an_axis_have_no_zeros_behind_the_point(double nanoseconds, string text) => Assert.Equal(text, Format.NanosecondsMark(nanoseconds));
}
