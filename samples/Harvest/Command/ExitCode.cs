namespace Harvest.Command;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    public const int Succeeded = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
}
