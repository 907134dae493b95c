using System.Numerics;
using System.Runtime.InteropServices;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// Everything that runs in this process and that the task tree shows. Entering and leaving take one of several locks for a few instructions, each on
/// a list of its own, so that threads hardly ever meet.
/// </summary>
internal static class LiveRegistry
{
    private const int MostStripes = 64;

    private static readonly Stripe[] Stripes = CreateStripes();

    /// <summary>A node that has left may enter again, and keeps its id.</summary>
    public static void Enter(LiveNode node)
    {
        long stripe = node.Id != 0 ? node.Id : Thread.GetCurrentProcessorId();
        Stripes[stripe & (Stripes.Length - 1)].Enter(node);
    }

    /// <summary>Called once for each time that the node has entered.</summary>
    public static void Leave(LiveNode node) => Stripes[node.Id & (Stripes.Length - 1)].Leave(node);

    /// <summary>What runs at this moment. Nodes come and go meanwhile: each that is there all the time is among them, once.</summary>
    public static List<LiveNode> All()
    {
        var all = new List<LiveNode>();
        foreach (Stripe stripe in Stripes)
        {
            stripe.CopyTo(all);
        }

        return all;
    }

    private static Stripe[] CreateStripes()
    {
        int count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MostStripes));
        var stripes = new Stripe[count];
        for (int index = 0; index < count; index++)
        {
            // An id tells its stripe.
            stripes[index] = new Stripe(index, step: count);
        }

        return stripes;
    }

    private sealed class Stripe(long lastId, int step)
    {
#pragma warning disable CS0649 // Never written: it only keeps the stripes off each other's cache lines.
        public Distance Distance;
#pragma warning restore CS0649

        private SpinLock _gate = new(enableThreadOwnerTracking: false);
        private LiveNode? _first;
        private int _count;
        private long _lastId = lastId;

        public void Enter(LiveNode node)
        {
            bool locked = false;
            _gate.Enter(ref locked);
            if (node.Id == 0)
            {
                _lastId += step;
                node.Id = _lastId;
            }

            node.Next = _first;
            if (_first is not null)
            {
                _first.Previous = node;
            }

            _first = node;
            _count++;
            _gate.Exit(useMemoryBarrier: false);
        }

        public void Leave(LiveNode node)
        {
            bool locked = false;
            _gate.Enter(ref locked);
            if (node.Previous is null)
            {
                _first = node.Next;
            }
            else
            {
                node.Previous.Next = node.Next;
            }

            if (node.Next is not null)
            {
                node.Next.Previous = node.Previous;
            }

            node.Previous = node.Next = null;
            _count--;
            _gate.Exit(useMemoryBarrier: false);
        }

        public void CopyTo(List<LiveNode> all)
        {
            while (true)
            {
                // Room beforehand: nothing is allocated while others wait.
                int expected = Volatile.Read(ref _count);
                all.EnsureCapacity(all.Count + expected);
                bool locked = false;
                _gate.Enter(ref locked);
                bool fits = all.Capacity - all.Count >= _count;
                for (LiveNode? node = fits ? _first : null; node is not null; node = node.Next)
                {
                    all.Add(node);
                }

                _gate.Exit(useMemoryBarrier: false);
                if (fits)
                {
                    return;
                }
            }
        }
    }

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Distance;
}
