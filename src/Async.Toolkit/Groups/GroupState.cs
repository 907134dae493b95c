using System.Diagnostics;

namespace Async.Toolkit.Groups;

/// <summary>
/// Where a group stands, packed into 64 bits so that one compare-and-swap takes one step. A value: two groups with equal states behave
/// alike from here on.
/// </summary>
internal record struct GroupState
{
    /// <summary>More children than any memory holds; the counts need 27 bits each.</summary>
    public const int MostChildren = (1 << CountBits) - 1;

    private const int CountBits = 27;
    private const int WaitingShift = CountBits;
    private const int PhaseShift = 2 * CountBits;
    private const int ReasonShift = PhaseShift + 2;
    private const int FlagShift = ReasonShift + 3;

    public GroupState(ulong bits) => Bits = bits;

    public ulong Bits { get; private set; }

    public GroupPhase Phase
    {
        readonly get => (GroupPhase)Get(PhaseShift, 0b11);
        set => Set(PhaseShift, 0b11, (ulong)value);
    }

    /// <summary>Why the group's token was canceled; the first reason stays.</summary>
    public CancellationReason Reason
    {
        readonly get => (CancellationReason)Get(ReasonShift, 0b111);
        set => Set(ReasonShift, 0b111, (ulong)value);
    }

    /// <summary>The cancellation is being carried out.</summary>
    public bool Striking
    {
        readonly get => Get(FlagShift, 1) != 0;
        set => Set(FlagShift, 1, value ? 1UL : 0);
    }

    /// <summary>At least one failure that the caller will see was recorded.</summary>
    public bool Failed
    {
        readonly get => Get(FlagShift + 1, 1) != 0;
        set => Set(FlagShift + 1, 1, value ? 1UL : 0);
    }

    /// <summary>Work was left undone because of the cancellation: there is no complete result to keep.</summary>
    public bool Unfinished
    {
        readonly get => Get(FlagShift + 2, 1) != 0;
        set => Set(FlagShift + 2, 1, value ? 1UL : 0);
    }

    /// <summary>The body ended with the group's cancellation.</summary>
    public bool BodyCanceled
    {
        readonly get => Get(FlagShift + 3, 1) != 0;
        set => Set(FlagShift + 3, 1, value ? 1UL : 0);
    }

    /// <summary>Children that were started, or are about to be, and have not ended.</summary>
    public int Running
    {
        readonly get => (int)Get(0, MostChildren);
        set => Set(0, MostChildren, Counted(value));
    }

    /// <summary>Children that wait because the limit is reached.</summary>
    public int Waiting
    {
        readonly get => (int)Get(WaitingShift, MostChildren);
        set => Set(WaitingShift, MostChildren, Counted(value));
    }

    public override readonly string ToString() =>
        $"{Phase}, {Running} running, {Waiting} waiting, reason {Reason}{(Striking ? ", striking" : "")}{(Failed ? ", failed" : "")}{(Unfinished ? ", unfinished" : "")}{(BodyCanceled ? ", body canceled" : "")}";

    private static ulong Counted(int value)
    {
        Debug.Assert(value >= 0, "More children ended than were started.");
        return value <= MostChildren ? (ulong)value : throw new InvalidOperationException($"A task group holds at most {MostChildren} children at a time.");
    }

    private readonly ulong Get(int shift, ulong mask) => (Bits >> shift) & mask;

    private void Set(int shift, ulong mask, ulong value) => Bits = (Bits & ~(mask << shift)) | (value << shift);
}
