namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCode
{
    public const int Succeeded = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>Says in one line what is wrong with the arguments.</summary>
    public static int Refuse(TextWriter errors, string reason)
    {
        errors.WriteLine($"compare: {reason.ReplaceLineEndings(" ").TrimEnd('.', ' ')}; --help shows the options");
        return WrongUsage;
    }
}
