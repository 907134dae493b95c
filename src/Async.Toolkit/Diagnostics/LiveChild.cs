namespace Async.Toolkit.Diagnostics;

/// <summary>
/// One child, for as long as it runs, to whatever is started within it. The group's own nodes serve one child after another: who looks back from
/// the context of one that is over must not find another.
/// </summary>
/// <remarks>Number and time share eight bytes: with the context that carries it, a child that is followed costs 96 bytes.</remarks>
internal sealed class LiveChild(uint number, long started) : LiveScope
{
    // Numbers come again when their first bearer is long gone. Times are in units of 8 ms and come round after 17 years, ages after half of that.
    private const int NumberBits = 28;
    private const uint NumberMask = (1u << NumberBits) - 1;
    private const int UnitShift = 3;
    private const ulong UnknownTime = ulong.MaxValue >> NumberBits;

    private readonly ulong _stamp = (Units(started) << NumberBits) | (number & NumberMask);

    public uint Number => (uint)_stamp & NumberMask;

    public bool IsNumber(long number) => Number == ((uint)number & NumberMask);

    /// <param name="now">The time on the scale of <see cref="LiveClock"/>.</param>
    public TimeSpan? AgeAt(long now)
    {
        ulong began = _stamp >> NumberBits;
        ulong today = Units(now);
        if (began == UnknownTime || today == UnknownTime)
        {
            return null;
        }

        // A child may begin between the look at the clock and the look at the child.
        ulong age = (today + UnknownTime - began) % UnknownTime;
        return age > UnknownTime / 2 ? TimeSpan.Zero : TimeSpan.FromMilliseconds((long)age << UnitShift);
    }

    private static ulong Units(long time) => time == LiveClock.Unknown ? UnknownTime : (ulong)(time >> UnitShift) % UnknownTime;
}
