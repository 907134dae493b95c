namespace Async.Toolkit.Soak.Work;

/// <summary>One piece of work of a scenario: a leaf that ends in some way, or a call of the library with more pieces under it.</summary>
internal sealed partial class Piece(Ledger ledger, AsyncSemaphore permits, CancellationToken callersToken)
{
    /// <summary>Any piece at all.</summary>
    public Task<int> RunAsync(Dice dice, int depth, CancellationToken token) =>
        depth == 0 || dice.OneIn(2) ? LeafAsync(dice, token) : CompositeAsync(dice, depth, token);

    /// <summary>A call of the library.</summary>
    public async Task<int> CompositeAsync(Dice dice, int depth, CancellationToken token)
    {
        ledger.Enter();
        try
        {
            switch (dice.Number(0, 9))
            {
                case <= 3:
                    await GroupAsync(dice, depth - 1, token);
                    break;
                case <= 6:
                    await GatherAsync(dice, depth - 1, token);
                    break;
                case 7:
                    await LimitAsync(dice, depth - 1, token);
                    break;
                case 8:
                    await PermitAsync(dice, token);
                    break;
                default:
                    await PagesAsync(dice, token);
                    break;
            }

            return depth;
        }
        finally
        {
            ledger.Leave();
        }
    }

    private async Task<int> LeafAsync(Dice dice, CancellationToken token)
    {
        ledger.Enter();
        try
        {
            await (dice.Number(0, 11) switch
            {
                0 or 1 => Task.CompletedTask,
                2 or 3 => YieldAsync(dice.Number(1, 3)),
                4 or 5 => Task.Delay(dice.Milliseconds(3), token),
                6 => Task.Delay(dice.Milliseconds(20), token),
                7 => SwallowAsync(Task.Delay(dice.Milliseconds(20), token)),
                8 => Task.Delay(dice.Milliseconds(3), CancellationToken.None),
                9 => WithThrowingCallbackAsync(dice, token),
                10 => throw ledger.Plant("a leaf, at once"),
                _ => FailLateAsync(dice, token),
            });
            return 0;
        }
        finally
        {
            ledger.Leave();
        }
    }

    private async Task FailLateAsync(Dice dice, CancellationToken token)
    {
        switch (dice.Number(0, 3))
        {
            case 0:
                await Task.Yield();
                throw ledger.Plant("a leaf, after a hop");
            case 1:
                await Task.Delay(dice.Milliseconds(5), CancellationToken.None);
                throw ledger.Plant("a leaf that does not listen");
            case 2:
                await SwallowAsync(Task.Delay(dice.Milliseconds(10), token));
                throw ledger.Plant("a leaf, in its cleanup");
            default:
                await Task.Yield();
                throw new OperationCanceledException("a cancellation that nobody asked for");
        }
    }

    // On a token of the library's it is a failure of the call that owns the token; on another one it is not ours to report.
    private async Task WithThrowingCallbackAsync(Dice dice, CancellationToken token)
    {
        if (token == callersToken)
        {
            return;
        }

        using CancellationTokenRegistration registration = token.UnsafeRegister(_ => throw ledger.Plant("a cancellation callback"), null);
        await SwallowAsync(Task.Delay(dice.Milliseconds(5), token));
    }

    private static async Task SwallowAsync(Task work) => await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task YieldAsync(int times)
    {
        for (int i = 0; i < times; i++)
        {
            await Task.Yield();
        }
    }
}
