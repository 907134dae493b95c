using System.Numerics;
using System.Runtime.InteropServices;

namespace Async.Toolkit.Diagnostics;

/// <summary>A count that many threads add to: each core has a cache line of its own, so that they do not hold each other up.</summary>
internal sealed class StripedCount
{
    private const int MostStripes = 16;

    private static readonly int Stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MostStripes));

    private readonly Line[] _lines = new Line[Stripes];

    public long Sum
    {
        get
        {
            long sum = 0;
            for (int index = 0; index < _lines.Length; index++)
            {
                sum += Interlocked.Read(ref _lines[index].Count);
            }

            return sum;
        }
    }

    public void Add(long count) => Interlocked.Add(ref _lines[Thread.GetCurrentProcessorId() & (Stripes - 1)].Count, count);

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Line
    {
        [FieldOffset(0)]
        public long Count;
    }
}
