using System.Runtime.CompilerServices;
using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>
/// What does nothing until it is asked. Calling a Python coroutine function runs none of it: that takes an await or a task. Calling a C# async
/// method runs it at once, on the caller's thread, up to its first await that has to wait. In C# the lazy things are a delegate, which runs when it
/// is called, and an async iterator, which runs when somebody asks for its next item.
/// </summary>
internal static class Lazy
{
    private static int _stepsRun;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        _stepsRun = 0;
        Task started = TwoStepsAsync(cancellationToken);
        Console.WriteLine($"an async method, called, not awaited:    {_stepsRun} of 2 steps have run: it is under way");
        await started;
        Console.WriteLine($"                 awaited:                {_stepsRun} of 2");

        _stepsRun = 0;
        Func<CancellationToken, Task> recipe = TwoStepsAsync;
        Console.WriteLine($"a delegate,      held:                   {_stepsRun} of 2: only a recipe");
        await TaskGroup.RunAsync(async group => await group.Run(recipe), cancellationToken);
        Console.WriteLine($"                 given to a group:       {_stepsRun} of 2: the group calls it when it has a place for it");

        _stepsRun = 0;
        IAsyncEnumerable<int> stream = StepsAsync(cancellationToken);
        Console.WriteLine($"an async iterator, called:               {_stepsRun} of 2: nothing has run");
        await using IAsyncEnumerator<int> steps = stream.GetAsyncEnumerator(cancellationToken);
        Console.WriteLine($"                 its enumerator held:    {_stepsRun} of 2: still nothing");
        await steps.MoveNextAsync();
        Console.WriteLine($"                 asked for one item:     {_stepsRun} of 2: exactly as far as it was asked");
        await steps.MoveNextAsync();
        Console.WriteLine($"                 asked for the next one: {_stepsRun} of 2");
    }

    private static async Task TwoStepsAsync(CancellationToken cancellationToken)
    {
        _stepsRun++;
        await Task.Delay(50, cancellationToken);
        _stepsRun++;
    }

    private static async IAsyncEnumerable<int> StepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return ++_stepsRun;
        await Task.Delay(50, cancellationToken);
        yield return ++_stepsRun;
    }
}
