using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Async.Toolkit.Tests.Attach;

/// <summary>The program that is looked into, in a process of its own.</summary>
internal sealed class Target : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private Target(Process process) => _process = process;

    public int Id => _process.Id;

    public static async Task<Target> StartAsync(int children, string tree, string pool)
    {
        string shared = RuntimeEnvironment.GetRuntimeDirectory();
        string host = Path.GetFullPath(Path.Combine(shared, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "Async.Toolkit.Tests.TreeTarget.dll"), $"{children}", tree, pool },
        };
        var target = new Target(Process.Start(start)!);
        try
        {
            string? said = await target._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Guard, TestContext.Current.CancellationToken);
            Assert.Equal("ready", said);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>Reads its tree on a thread of its own: that one waits for the other process.</summary>
    public Task<ReadTree> ReadAsync(params (string Name, string Value)[] arguments) =>
        Task.Factory.StartNew(
            () => TreeReader.Read(Id, arguments.ToDictionary(static argument => argument.Name, static argument => argument.Value)),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).WaitAsync(Guard, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
