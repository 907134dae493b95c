using System.Runtime.InteropServices;
using Xunit;

namespace Async.Toolkit.Tests.Running;

/// <summary>A real program, really signalled from outside.</summary>
public sealed class AsyncAppSignalTests
{
    [Theory]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGTERM, 143)]
    [InlineData(PosixSignal.SIGQUIT, 131)]
    public async Task A_signal_cancels_main_and_its_cleanup_runs_to_the_end(PosixSignal signal, int exitCode)
    {
        using SignaledProgram program = SignaledProgram.Start("CleansUp");
        await program.ReachesAsync("ready");
        program.Receives(signal);
        var end = await program.EndsAsync();

        Assert.Equal(exitCode, end.ExitCode);
        Assert.Equal(["ready", "cleanup begins", "cleanup ends", $"exit code {exitCode}"], end.Steps);
        Assert.Equal([$"{signal}: shutting down. The process ends after 30 s, or at the next signal."], end.Errors);
    }

    [Fact]
    public async Task A_signal_reaches_a_main_that_blocks_its_thread_with_an_event_loop()
    {
        using SignaledProgram program = SignaledProgram.Start("CleansUpOnALoop");
        await program.ReachesAsync("ready");
        program.Receives(PosixSignal.SIGINT);
        var end = await program.EndsAsync();

        Assert.Equal(130, end.ExitCode);
        Assert.Equal(["ready", "cleanup on the loop", "exit code 130"], end.Steps);
    }

    [Theory]
    [InlineData("IgnoresCancellation", PosixSignal.SIGTERM, 143)]
    [InlineData("IgnoresCancellation", PosixSignal.SIGINT, 130)]
    [InlineData("StarvesThePool", PosixSignal.SIGTERM, 143)]
    [InlineData("BlocksItsCallback", PosixSignal.SIGTERM, 143)]
    public async Task A_program_that_does_not_follow_ends_with_the_grace_period(string scenario, PosixSignal signal, int exitCode)
    {
        using SignaledProgram program = SignaledProgram.Start(scenario);
        await program.ReachesAsync("ready");
        program.Receives(signal);
        var end = await program.EndsAsync();

        Assert.Equal(exitCode, end.ExitCode);
        Assert.Equal(["ready"], end.Steps);
        Assert.Equal(
            [
                $"{signal}: shutting down. The process ends after 0.2 s, or at the next signal.",
                $"The shutdown has not ended within 0.2 s after {signal}: the process ends now.",
            ],
            end.Errors);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM, PosixSignal.SIGTERM, 143)]
    [InlineData(PosixSignal.SIGTERM, PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGINT, PosixSignal.SIGQUIT, 131)]
    public async Task A_second_signal_ends_the_process_at_once(PosixSignal first, PosixSignal second, int exitCode)
    {
        using SignaledProgram program = SignaledProgram.Start("NeedsASecondSignal");
        await program.ReachesAsync("ready");
        program.Receives(first);
        await program.ReachesAsync("canceled");
        program.Receives(second);
        var end = await program.EndsAsync();

        Assert.Equal(exitCode, end.ExitCode);
        Assert.Equal(["ready", "canceled"], end.Steps);
        Assert.Equal(
            [
                $"{first}: shutting down. The process ends at the next signal.",
                $"{second}, the second signal: the process ends now.",
            ],
            end.Errors);
    }

    [Fact]
    public async Task A_signal_ends_even_a_process_whose_exit_handlers_hang()
    {
        using SignaledProgram program = SignaledProgram.Start("BlocksAtExit");
        await program.ReachesAsync("ready");
        program.Receives(PosixSignal.SIGTERM);
        await program.ReachesAsync("exit handler blocks");
        program.Receives(PosixSignal.SIGTERM);

        Assert.Equal(143, (await program.EndsAsync()).ExitCode);
    }

    // SIGTERM: a shell that runs the tests in the background may have told the child to ignore the other two.
    [Fact]
    public async Task Before_main_a_signal_does_what_it_does_to_any_process()
    {
        using SignaledProgram program = SignaledProgram.Start("WaitsBeforeMain");
        await program.ReachesAsync("before");
        program.Receives(PosixSignal.SIGTERM);
        var end = await program.EndsAsync();

        Assert.Equal(143, end.ExitCode);
        Assert.Equal(["before"], end.Steps);
        Assert.Empty(end.Errors);
    }

    [Fact]
    public async Task After_main_a_signal_does_what_it_does_to_any_process()
    {
        using SignaledProgram program = SignaledProgram.Start("WaitsAfterMain");
        await program.ReachesAsync("main gave 0");
        program.Receives(PosixSignal.SIGTERM);
        var end = await program.EndsAsync();

        Assert.Equal(143, end.ExitCode);
        Assert.Equal(["main gave 0"], end.Steps);
        Assert.Empty(end.Errors);
    }

    [Fact]
    public async Task A_second_run_after_the_first_handles_signals_again()
    {
        using SignaledProgram program = SignaledProgram.Start("RunsTwice");
        await program.ReachesAsync("ready");
        program.Receives(PosixSignal.SIGTERM);
        var end = await program.EndsAsync();

        Assert.Equal(143, end.ExitCode);
        Assert.Equal(["first gave 0", "ready", "cleanup begins", "cleanup ends", "exit code 143"], end.Steps);
        Assert.Single(end.Errors);
    }

    [Theory]
    [InlineData("ReturnsSeven", 7)]
    [InlineData("ReturnsAfterTheSignal", 0)]
    public async Task A_main_that_returns_after_a_signal_gives_its_own_exit_code(string scenario, int exitCode)
    {
        using SignaledProgram program = SignaledProgram.Start(scenario);
        await program.ReachesAsync("ready");
        program.Receives(PosixSignal.SIGTERM);
        var end = await program.EndsAsync();

        Assert.Equal(exitCode, end.ExitCode);
        Assert.Single(end.Errors);
    }

    [Fact]
    public async Task A_main_that_fails_while_shutting_down_has_failed()
    {
        using SignaledProgram program = SignaledProgram.Start("FailsWhileShuttingDown");
        await program.ReachesAsync("ready");
        program.Receives(PosixSignal.SIGTERM);
        var end = await program.EndsAsync();

        Assert.Equal(1, end.ExitCode);
        Assert.StartsWith("SIGTERM: shutting down.", end.Errors[0], StringComparison.Ordinal);
        Assert.Equal("System.IO.InvalidDataException: the cleanup failed", end.Errors[1].TrimEnd());
    }

    [Fact]
    public async Task A_main_that_fails_gives_1_and_its_failure_is_printed_once()
    {
        using SignaledProgram program = SignaledProgram.Start("Fails");
        var end = await program.EndsAsync();

        Assert.Equal(1, end.ExitCode);
        Assert.Equal(["exit code 1"], end.Steps);
        Assert.Equal("System.IO.InvalidDataException: main failed", Assert.Single(end.Errors, line => line.Contains("main failed", StringComparison.Ordinal)).TrimEnd());
    }

    [Fact]
    public async Task Each_failure_of_a_main_with_several_is_printed_once()
    {
        using SignaledProgram program = SignaledProgram.Start("FailsThreeTimes");
        var end = await program.EndsAsync();

        Assert.Equal(1, end.ExitCode);
        string[] expected = ["first of three", "second of three", "third of three"];
        Assert.Equal(expected.Select(text => $"System.IO.InvalidDataException: {text}"), end.Errors.Where(line => line.Contains("of three", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_cancellation_without_a_signal_is_a_failure()
    {
        using SignaledProgram program = SignaledProgram.Start("IsCanceledByNobody");
        var end = await program.EndsAsync();

        Assert.Equal(1, end.ExitCode);
        Assert.StartsWith("Async.Toolkit.ChildCanceledException: ", end.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delay_that_outlives_its_loop_does_not_kill_the_process()
    {
        using SignaledProgram program = SignaledProgram.Start("LeavesADelayToItsLoop");
        var end = await program.EndsAsync();

        Assert.Equal(0, end.ExitCode);
        Assert.Equal(["late continuation", "exit code 0"], end.Steps);
        Assert.Empty(end.Errors);
    }
}
