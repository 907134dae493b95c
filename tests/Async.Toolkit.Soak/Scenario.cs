using Async.Toolkit.Soak.Work;

namespace Async.Toolkit.Soak;

/// <summary>One random tree of work, from its call to the check of its books.</summary>
internal static class Scenario
{
    private const int Depth = 3;

    // Nothing of a scenario takes a second; what takes so long hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<string>> RunAsync(Dice dice, Ledger ledger, AsyncSemaphore permits, CancellationToken longLived)
    {
        using CancellationTokenSource? own = dice.OneIn(2) ? CancellationTokenSource.CreateLinkedTokenSource(longLived) : null;
        if (own is not null && dice.OneIn(2))
        {
            own.CancelAfter(dice.Milliseconds(20));
        }

        CancellationToken token = own?.Token ?? longLived;
        var piece = new Piece(ledger, permits, token);
        Task work = Task.Run(() => piece.CompositeAsync(dice.Child(0), Depth, token), CancellationToken.None);
        try
        {
            await work.WaitAsync(Patience, CancellationToken.None);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            return [$"It still ran after {Patience}.", .. ledger.Faults()];
        }
        catch (Exception failure)
        {
            ledger.See(failure);
        }

        return ledger.Faults();
    }
}
