namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>The body of one run: does what the plan says, fails where it has to, and counts.</summary>
/// <param name="plan">What the items do.</param>
/// <param name="failing">The items that fail at their end.</param>
internal sealed class Work(WorkPlan plan, IReadOnlySet<int>? failing = null)
{
    public WorkPlan Plan => plan;

    public Tally Tally { get; } = new();

    public async ValueTask RunAsync(int item, CancellationToken cancellationToken)
    {
        Tally.OnStarted();
        try
        {
            int wait = plan.WaitOf(item);
            if (wait > 0)
            {
                await Task.Delay(wait, cancellationToken);
            }
            else if (wait == Latency.Yield)
            {
                await Task.Yield();
            }

            plan.Compute();
            if (failing?.Contains(item) == true)
            {
                Tally.OnFailed();
                throw new WorkFailedException(item);
            }

            Tally.OnFinished();
        }
        catch (OperationCanceledException)
        {
            Tally.OnCanceled();
            throw;
        }
        finally
        {
            // Last: whoever sees nobody in flight has the whole count.
            Tally.OnLeft();
        }
    }
}
