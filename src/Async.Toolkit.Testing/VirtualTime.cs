using System.Runtime.CompilerServices;

namespace Async.Toolkit.Testing;

/// <summary>
/// Time for tests of real asynchronous code: a clock that stands still while anything can run, and jumps to the next timer the moment nothing can.
/// </summary>
/// <remarks>
/// <para>What is guaranteed:</para>
/// <list type="bullet">
/// <item>The clock moves only when nothing can run: the thread pool of the process has been seen without a work item, waiting or running, save for the
/// threads that the test host, or other code, held before any of the bodies that go on now began and has held ever since; only where there are such threads, and one of them ends its work just when work
/// of the body begins, can a look take the one for the other. It never moves while a <see cref="RealTimeAsync(Func{Task})"/> section of the run is open or a <see cref="SettleAsync"/> is under way. Of several runs in the process each
/// takes one step whenever the pool is seen like that; none waits for the steps of the others.</item>
/// <item>One timer fires at a time, and the next one only when everything that came of it has come to rest. Timers of one instant fire in the order
/// of their creation. What a program does from one timer to the next without running several things at once, it does in the same order in every run.</item>
/// <item>Callbacks run on the thread pool, as those of real timers do; the body runs there too, without a <see cref="SynchronizationContext"/>,
/// whatever the test runner has installed. <see cref="AsyncLocal{T}"/> values flow from the call into the body.</item>
/// <item>A program that waits for ever is told so at once: nothing can run, no timer is pending, the body has not ended gives a
/// <see cref="VirtualTimeDeadlockException"/>. One that hangs for real ends with <see cref="VirtualTimeOptions.RealTimeLimit"/>. What then still waits in
/// <see cref="Delay"/>, <see cref="SettleAsync"/> or <see cref="AdvanceAsync"/> is let go with an <see cref="OperationCanceledException"/>.</item>
/// <item>The outcome of the body is the outcome of the run: the original failure, and all of them in the task's exception. A timer callback that throws, which
/// ends a process in production, fails the run. An <c>async void</c> method that throws, a callback included, ends the process here too: nobody can catch that.</item>
/// </list>
/// <para>
/// What the clock cannot see are sockets, files, other processes, real timers, and threads that are not the pool's: run these inside
/// <see cref="RealTimeAsync(Func{Task})"/>. Whether anything can run is a question to the whole process: a run waits while other tests keep the pool busy.
/// Several runs at once are independent of each other, and slower.
/// </para>
/// <para>All members may be called from any thread of the pool at any time during the run, and while a <see cref="RealTimeAsync(Func{Task})"/> section is
/// open from any thread. Afterwards the time can still be read; all else throws
/// <see cref="InvalidOperationException"/>.</para>
/// <para>The idea comes from Trio's MockClock with automatic jumps, Kotlin's <c>runTest</c>, tokio's paused time and Go's <c>testing/synctest</c>.</para>
/// </remarks>
public sealed partial class VirtualTime
{
    private readonly VirtualRun _run;

    internal VirtualTime(VirtualRun run)
    {
        _run = run;
        Provider = new VirtualClock(run);
    }

    /// <summary>The clock, for everything that takes one: <see cref="Task.Delay(TimeSpan, TimeProvider)"/>, <see cref="PeriodicTimer"/>,
    /// <see cref="CancellationTokenSource(TimeSpan, TimeProvider)"/>, <c>WaitAsync</c>, options.</summary>
    /// <remarks>
    /// A timer where none may be, after the run or on a thread that is not the pool's outside of real work, is refused with an <see cref="InvalidOperationException"/>. Only a
    /// <see cref="PeriodicTimer"/> cannot be refused without ending the process later on: it never ticks, and the run, if it still goes on, fails with
    /// that exception.
    /// </remarks>
    public TimeProvider Provider { get; }

    /// <summary>How much virtual time has passed since the start of the run.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(_run.Elapsed);

    /// <summary>What the clock shows, in UTC; <see cref="VirtualTimeOptions.StartTime"/> at the start of the run.</summary>
    public DateTimeOffset Now => Provider.GetUtcNow();

    /// <summary>A task that ends when so much virtual time has passed.</summary>
    /// <param name="delay">
    /// From zero (a task that has ended already) up, within the calendar, in whole milliseconds as everywhere in .NET; or infinite: then only a cancellation
    /// ends it, or the run that is given up.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The task.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative and not infinite, or leads beyond the year 9999; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">The run has ended, or the calling thread is not one of the pool's and no <see cref="RealTimeAsync(Func{Task})"/>
    /// section is open; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled, or the run was given up.</exception>
    public Task Delay(TimeSpan delay, CancellationToken cancellationToken = default) =>
        _run.Delay(delay, cancellationToken);

    /// <summary>Waits until nothing can run, without moving the clock.</summary>
    /// <remarks>Timers that are due now do not fire meanwhile: they are still to come. Several waits end one after the other.</remarks>
    /// <returns>A task that ends when nothing can run.</returns>
    /// <exception cref="InvalidOperationException">The run has ended, or the calling thread is not one of the pool's and no <see cref="RealTimeAsync(Func{Task})"/>
    /// section is open; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: the run was given up.</exception>
    public Task SettleAsync() => _run.SettleAsync();

    /// <summary>Moves the clock on by so much, not a tick further: every timer that is due by then fires, and what comes of it comes to rest.</summary>
    /// <remarks>
    /// Unlike <see cref="Delay"/>, it ends after all timers of its own instant, those included that were set later. The clock moves by itself whenever
    /// nothing can run, so a body needs this only to look at its code at a certain instant.
    /// </remarks>
    /// <param name="by">From zero (the timers that are due now) up, within the calendar. A clock does not move backwards.</param>
    /// <returns>A task that ends when the clock is there and nothing can run.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative, or leads beyond the year 9999.</exception>
    /// <exception cref="InvalidOperationException">The run has ended, or the calling thread is not one of the pool's and no <see cref="RealTimeAsync(Func{Task})"/>
    /// section is open; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: the run was given up.</exception>
    public Task AdvanceAsync(TimeSpan by) => _run.AdvanceAsync(by);

    /// <summary>Runs real work (sockets, files, other processes, threads of its own) during which the clock stands still.</summary>
    /// <remarks>Sections may overlap; the clock moves when none is open. Inside one, a wait for the virtual clock lasts as long as the section does.</remarks>
    /// <param name="operation">The work; called at once, on the caller's thread.</param>
    /// <returns>A task with the outcome of the work.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">On <see langword="await"/>: the run has ended, the calling thread is not one of the pool's and no other
    /// section is open, or <paramref name="operation"/> returned <see langword="null"/> instead of a task.</exception>
    [OverloadResolutionPriority(1)]
    public Task RealTimeAsync(Func<ValueTask> operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return InRealTimeAsync(async () =>
        {
            await operation().ConfigureAwait(false);
            return true;
        });
    }

    /// <inheritdoc cref="RealTimeAsync(Func{ValueTask})"/>
    public Task RealTimeAsync(Func<Task> operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return InRealTimeAsync(async () =>
        {
            await Given(operation()).ConfigureAwait(false);
            return true;
        });
    }

    /// <typeparam name="T">The type of the result.</typeparam>
    /// <inheritdoc cref="RealTimeAsync(Func{ValueTask})"/>
    [OverloadResolutionPriority(1)]
    public Task<T> RealTimeAsync<T>(Func<ValueTask<T>> operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return InRealTimeAsync(operation);
    }

    /// <typeparam name="T">The type of the result.</typeparam>
    /// <inheritdoc cref="RealTimeAsync(Func{ValueTask})"/>
    public Task<T> RealTimeAsync<T>(Func<Task<T>> operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return InRealTimeAsync(() => new ValueTask<T>(Given(operation())));
    }

    private async Task<T> InRealTimeAsync<T>(Func<ValueTask<T>> operation)
    {
        _run.EnterRealTime();
        try
        {
            return await operation().ConfigureAwait(false);
        }
        finally
        {
            // Whatever thread the work has ended on: from here on, only what has gone through the pool's queue is seen.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            _run.LeaveRealTime();
        }
    }

    private static TTask Given<TTask>(TTask? task)
        where TTask : Task =>
        task ?? throw new InvalidOperationException("The operation of RealTimeAsync returned null instead of a task.");
}
