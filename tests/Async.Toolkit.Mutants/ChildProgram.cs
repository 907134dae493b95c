using System.Diagnostics;

namespace Async.Toolkit.Mutants;

/// <summary>Runs another program, which does not outlive the call: the cancellation, an exception and the end of this process kill it with all its children.</summary>
internal static class ChildProgram
{
    /// <param name="start">What to run; its streams are redirected here.</param>
    /// <param name="onLine">Gets each line of its standard output, one after the other, as soon as it is there.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <returns>Its exit code, and what it has written to its standard error.</returns>
    public static async Task<(int ExitCode, string Errors)> RunAsync(ProcessStartInfo start, Action<string> onLine, CancellationToken cancellationToken)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var program = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        using CancellationTokenRegistration killed = cancellationToken.UnsafeRegister(_ => Kill(), null);
        Task<string> errors = program.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            program.StandardInput.Close();
            while (await program.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            {
                onLine(line);
            }

            await program.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
            Kill();
            await errors;
        }

        return (program.ExitCode, await errors);

        void KillAtExit(object? sender, EventArgs e) => Kill();

        void Kill()
        {
            if (!program.HasExited)
            {
                program.Kill(entireProcessTree: true);
            }
        }
    }
}
