using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Async.Toolkit.Tests.Running;

/// <summary>A run of the test program, in a process of its own: its steps on stdout are waited for, never slept for.</summary>
internal sealed class SignaledProgram : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<string> _steps = [];

    private SignaledProgram(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public static SignaledProgram Start(string scenario)
    {
        string shared = RuntimeEnvironment.GetRuntimeDirectory();
        string host = Path.GetFullPath(Path.Combine(shared, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "Async.Toolkit.Tests.SignalApp.dll"), scenario },
        };
        return new SignaledProgram(Process.Start(start)!);
    }

    /// <summary>Reads on until the program has taken this step.</summary>
    public async Task ReachesAsync(string step)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Guard, TestContext.Current.CancellationToken) is { } line)
        {
            _steps.Add(line);
            if (line == step)
            {
                return;
            }
        }

        Assert.Fail($"The program ended before '{step}'. It said: {string.Join(" | ", _steps)}; {await _errors}");
    }

    public void Receives(PosixSignal signal)
    {
        int number = signal switch
        {
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            PosixSignal.SIGTERM => 15,
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };
        if (Kill(_process.Id, number) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    public async Task<(int ExitCode, string[] Steps, string[] Errors)> EndsAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Guard, TestContext.Current.CancellationToken) is { } line)
        {
            _steps.Add(line);
        }

        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Guard, TestContext.Current.CancellationToken);
        string errors = await _errors.WaitAsync(Guard, TestContext.Current.CancellationToken);
        return (_process.ExitCode, [.. _steps], errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
