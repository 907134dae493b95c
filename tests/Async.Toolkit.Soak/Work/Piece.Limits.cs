namespace Async.Toolkit.Soak.Work;

internal sealed partial class Piece
{
    private async Task LimitAsync(Dice dice, int depth, CancellationToken token)
    {
        Interlocked.Increment(ref ledger.Counts.Limits);
        TimeSpan timeout = dice.Milliseconds(dice.OneIn(2) ? 3 : 50);
        bool throws = dice.OneIn(2);
        ledger.Under($"{(throws ? "" : "try ")}limit {timeout}");
        int inside = 0;
        Task call = throws
            ? AsyncTimeout.RunAsync(timeout, OperationAsync, token)
            : AsyncTimeout.TryRunAsync(timeout, OperationAsync, token);
        await SwallowAsync(call);
        if (inside != 0)
        {
            ledger.Broken("An operation still ran when its limit had ended.");
        }

        await ledger.JoinAsync(call, token);

        async Task<int> OperationAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref inside);
            try
            {
                return await RunAsync(dice.Child(0), depth, ct);
            }
            finally
            {
                Interlocked.Decrement(ref inside);
            }
        }
    }

    // Only a leaf inside: pieces that held permits and waited for more could wait for each other.
    private async Task PermitAsync(Dice dice, CancellationToken token)
    {
        ledger.Under("permit");
        int weight = dice.Number(1, permits.Permits);
        if (dice.OneIn(3))
        {
            if (permits.TryAcquire(weight, out AsyncSemaphore.Permit taken))
            {
                using (taken)
                {
                    await HoldAsync();
                }
            }

            return;
        }

        using (await permits.AcquireAsync(weight, token))
        {
            await HoldAsync();
        }

        async Task HoldAsync()
        {
            Interlocked.Increment(ref ledger.Counts.Permits);
            await LeafAsync(dice.Child(0), token);
        }
    }
}
