using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>Virtual time under other hosts than this one, each in a process of its own.</summary>
public sealed class RunnerTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(120);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_works_in_a_plain_console_program() =>
        Assert.EndsWith("all well", await OutputOf("Async.Toolkit.Testing.Console"), StringComparison.Ordinal);

    [Theory, InlineData("Conservative"), InlineData("Aggressive")]
    public async Task It_works_under_xunit_2_with_its_context(string algorithm) =>
        Assert.EndsWith("9 passed, 0 failed", await OutputOf("Async.Toolkit.Testing.Xunit2", algorithm), StringComparison.Ordinal);

    [Fact]
    public async Task It_works_in_a_program_whose_host_holds_threads_of_the_pool() =>
        Assert.EndsWith("all well", await OutputOf("Async.Toolkit.Testing.Console", "hosted"), StringComparison.Ordinal);

    // xunit 2, MSTest and NUnit; the first of them waits for all tests on the thread that has called for the first run, if it runs one at a time.
    [Theory, InlineData("VsTest"), InlineData("VsTest", "--", "RunConfiguration.DisableParallelization=true", "xUnit.ParallelizeTestCollections=false"), InlineData("MSTest"), InlineData("NUnit")]
    public async Task It_works_under_VSTest(string tests, params string[] settings) =>
        Assert.Matches("Failed: +0, Passed: +6,", await OutputOf(["vstest", PathOf($"Async.Toolkit.Testing.{tests}"), .. settings]));

    private static Task<string> OutputOf(string program, params string[] arguments) => OutputOf(["exec", PathOf(program), .. arguments]);

    // Built beside this one, into a folder of its own: the frameworks cannot share one.
    private static string PathOf(string program) =>
        Path.Combine(AppContext.BaseDirectory.Replace("Async.Toolkit.Testing.Tests", program, StringComparison.Ordinal), $"{program}.dll");

    private static async Task<string> OutputOf(string[] arguments)
    {
        string host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        using Process process = Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(TestToken);
            string output = await process.StandardOutput.ReadToEndAsync(TestToken).WaitAsync(Guard, TestToken);
            await process.WaitForExitAsync(TestToken).WaitAsync(Guard, TestToken);
            TestContext.Current.TestOutputHelper?.WriteLine(output + await errors);
            Assert.Equal(0, process.ExitCode);
            return output.TrimEnd();
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
