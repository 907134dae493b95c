using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Async.Toolkit.Pages;

/// <summary>
/// Remembers which continuation led to which page. Keeps 16 bytes of each, however long it is: a run over millions of pages must not hold all their
/// cursors. In a hundred million pages, 96 bits of SHA-256 take two different ones for the same with a probability below 10^-13.
/// </summary>
internal sealed class RepeatGuard
{
    private Entry[] _slots = new Entry[16];
    private int _count;

    /// <summary>The page that <paramref name="continuation"/> led to first: <paramref name="page"/> itself if it is new.</summary>
    public int FirstUse(string continuation, int page)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(continuation.AsSpan()), hash);
        var entry = new Entry(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt32LittleEndian(hash[8..]), page);
        ref Entry slot = ref SlotOf(entry);
        if (slot.Page != 0)
        {
            return slot.Page;
        }

        slot = entry;
        if (++_count > _slots.Length / 4 * 3)
        {
            Grow();
        }

        return page;
    }

    private ref Entry SlotOf(in Entry entry)
    {
        int at = (int)entry.Low & (_slots.Length - 1);
        while (_slots[at].Page != 0 && (_slots[at].High != entry.High || _slots[at].Low != entry.Low))
        {
            at = (at + 1) & (_slots.Length - 1);
        }

        return ref _slots[at];
    }

    private void Grow()
    {
        Entry[] former = _slots;
        _slots = new Entry[former.Length * 2];
        foreach (Entry entry in former)
        {
            if (entry.Page != 0)
            {
                SlotOf(entry) = entry;
            }
        }
    }

    private readonly struct Entry(ulong high, uint low, int page)
    {
        public ulong High => high;

        public uint Low => low;

        // Pages are counted from 1: 0 marks a free slot.
        public int Page => page;
    }
}
