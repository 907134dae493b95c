namespace Async.Toolkit.Tests.Gathering;

public sealed class AllContractTests : GatherContract
{
    private protected override Task<CallOutcome> CallAsync(IEnumerable<int>? items, IAsyncEnumerable<int>? asyncItems, int count, GatherOptions options, Func<int, CancellationToken, ValueTask<int>> work, CancellationToken token) =>
        CallOutcome.OfAsync(items is not null ? Gather.AllAsync(items, options, work, token) : Gather.AllAsync(asyncItems!, options, work, token), static results => results);
}

public sealed class SettledContractTests : GatherContract
{
    protected override bool FailsFast => false;

    private protected override async Task<CallOutcome> CallAsync(IEnumerable<int>? items, IAsyncEnumerable<int>? asyncItems, int count, GatherOptions options, Func<int, CancellationToken, ValueTask<int>> work, CancellationToken token)
    {
        var log = new FailureLog();
        var logged = new GatherOptions { MaxConcurrency = options.MaxConcurrency, Logger = log };
        Task<Settled<int>[]> call = items is not null ? Gather.SettledAsync(items, logged, work, token) : Gather.SettledAsync(asyncItems!, logged, work, token);
        CallOutcome outcome = await CallOutcome.OfAsync(call, static settled => [.. settled.Where(static item => item.IsSuccess).Select(static item => item.Value)]);
        IEnumerable<Exception> returned = call.IsCompletedSuccessfully ? call.Result.SelectMany(static item => item.Exceptions) : log.Unseen;
        return outcome with { Failures = [.. returned.Concat(outcome.Failures).Distinct<Exception>(ReferenceEqualityComparer.Instance)] };
    }
}

public sealed class ForEachContractTests : GatherContract
{
    protected override bool GivesResults => false;

    private protected override Task<CallOutcome> CallAsync(IEnumerable<int>? items, IAsyncEnumerable<int>? asyncItems, int count, GatherOptions options, Func<int, CancellationToken, ValueTask<int>> work, CancellationToken token)
    {
        Task call = items is not null ? Gather.ForEachAsync(items, options, work, token) : Gather.ForEachAsync(asyncItems!, options, work, token);
        return CallOutcome.OfAsync(call);
    }
}

public abstract class StreamContract(StreamOrder order) : GatherContract
{
    private protected override async Task<CallOutcome> CallAsync(IEnumerable<int>? items, IAsyncEnumerable<int>? asyncItems, int count, GatherOptions options, Func<int, CancellationToken, ValueTask<int>> work, CancellationToken token)
    {
        IAsyncEnumerable<int> stream = items is not null ? Gather.StreamAsync(items, options, order, work, token) : Gather.StreamAsync(asyncItems!, options, order, work, token);
        var results = new List<int>();
        IAsyncEnumerator<int> enumerator = stream.GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            // By hand, because "await foreach" shows only the first failure.
            Task<bool> next = enumerator.MoveNextAsync().AsTask();
            CallOutcome outcome = await CallOutcome.OfAsync(next);
            if (next.IsCompletedSuccessfully && next.Result)
            {
                results.Add(enumerator.Current);
                continue;
            }

            await enumerator.DisposeAsync().AsTask().WaitAsync(Guard, CancellationToken.None);
            return outcome with { Results = [.. results] };
        }
    }
}

public sealed class OrderedStreamContractTests() : StreamContract(StreamOrder.Source);

public sealed class UnorderedStreamContractTests() : StreamContract(StreamOrder.Completion)
{
    protected override bool IsOrdered => false;
}

/// <summary>Asks for as many successes as there are items, so that the first failure puts them out of reach once the source has ended.</summary>
public sealed class FirstSuccessesContractTests : GatherContract
{
    protected override bool IsOrdered => false;

    private protected override async Task<CallOutcome> CallAsync(IEnumerable<int>? items, IAsyncEnumerable<int>? asyncItems, int count, GatherOptions options, Func<int, CancellationToken, ValueTask<int>> work, CancellationToken token)
    {
        var log = new FailureLog();
        var logged = new GatherOptions { MaxConcurrency = options.MaxConcurrency, Logger = log };
        int wanted = Math.Max(count, 1);
        CallOutcome outcome = await CallOutcome.OfAsync(items is not null ? Gather.FirstSuccessesAsync(items, logged, wanted, work, token) : Gather.FirstSuccessesAsync(asyncItems!, logged, wanted, work, token), static results => results);
        return outcome with { Failures = [.. outcome.Failures.Concat(log.Unseen)] };
    }

    private protected override void AssertEmpty(CallOutcome outcome) => Xunit.Assert.IsType<InvalidOperationException>(Xunit.Assert.Single(outcome.Failures));
}

/// <summary>Lets every item run by making each success look like a failed attempt, so that the first success never comes.</summary>
public sealed class FirstSuccessContractTests : GatherContract
{
    protected override bool FailsFast => false;

    protected override bool IsOrdered => false;

    private protected override async Task<CallOutcome> CallAsync(IEnumerable<int>? items, IAsyncEnumerable<int>? asyncItems, int count, GatherOptions options, Func<int, CancellationToken, ValueTask<int>> work, CancellationToken token)
    {
        var attempt = new FormatException("This item succeeded.");
        var results = new System.Collections.Concurrent.ConcurrentQueue<int>();
        var failing = Task.FromException<int>(attempt);

        // Where no item succeeds nobody else looks at it.
        _ = failing.Exception;
        Task<int> Call(int item, CancellationToken itemToken)
        {
            ValueTask<int> ended = work(item, itemToken);
            if (ended.IsCompletedSuccessfully)
            {
                results.Enqueue(ended.Result);
                return failing;
            }

            return ended.AsTask().ContinueWith(done =>
            {
                if (!done.IsCompletedSuccessfully)
                {
                    return done;
                }

                results.Enqueue(done.Result);
                return failing;
            }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap();
        }

        CallOutcome outcome = await CallOutcome.OfAsync(items is not null ? Gather.FirstSuccessAsync(items, options, Call, token) : Gather.FirstSuccessAsync(asyncItems!, options, Call, token), static result => [result]);
        Exception[] failures = [.. outcome.Failures.Where(failure => failure != attempt)];

        // Without a failure of their own the attempts stand for results, or for what was done until the cancellation.
        bool isOnlyAttempts = failures.Length == 0 && outcome.Failures.Length > 0;
        return new CallOutcome([.. results], failures, isOnlyAttempts && token.IsCancellationRequested && results.Count != count ? token : outcome.Canceled);
    }

    private protected override void AssertEmpty(CallOutcome outcome) => Xunit.Assert.IsType<InvalidOperationException>(Xunit.Assert.Single(outcome.Failures));
}
