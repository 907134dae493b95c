namespace Quickstart;

/// <summary>Counts how many are inside at once, and remembers the most. For many threads.</summary>
internal sealed class HighWater
{
    private readonly Lock _gate = new();
    private int _inside;

    public int Most { get; private set; }

    public void Enter()
    {
        lock (_gate)
        {
            Most = Math.Max(Most, ++_inside);
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _inside--;
        }
    }
}
