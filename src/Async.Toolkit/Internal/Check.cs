namespace Async.Toolkit.Internal;

/// <summary>Checks of options and arguments; each message names what was wrong, and the value.</summary>
internal static class Check
{
    public static TEnum Defined<TEnum>(TEnum value, string name)
        where TEnum : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be one of {string.Join(", ", Enum.GetNames<TEnum>())}.");

    public static int? Positive(int? value, string name) =>
        value is { } given ? AtLeastOne(given, name) : null;

    public static int AtLeastOne(int value, string name) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1.");

    public static TimeSpan Timeout(TimeSpan value, string name) =>
        value >= TimeSpan.Zero || value == System.Threading.Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must not be negative, except for Timeout.InfiniteTimeSpan.");

    public static TimeSpan PositiveTimeout(TimeSpan value, string name) =>
        value > TimeSpan.Zero || value == System.Threading.Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than zero, or Timeout.InfiniteTimeSpan.");
}
