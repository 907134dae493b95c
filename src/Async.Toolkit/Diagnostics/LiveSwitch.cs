namespace Async.Toolkit.Diagnostics;

/// <summary>Whether the task tree is on: those who want it are counted, and every child looks here once.</summary>
internal static class LiveSwitch
{
    private const string Name = "Async.Toolkit.TaskTree";

    private static readonly Lock Counting = new();

    private static int _holders = AppContext.TryGetSwitch(Name, out bool isOn) && isOn ? 1 : 0;
    private static bool _isOn = _holders > 0;

    /// <summary>Children are followed: their number, when they began, and what was started within them.</summary>
    public static bool IsOn => Volatile.Read(ref _isOn);

    /// <summary>Keeps the tree on until the result is disposed.</summary>
    public static IDisposable Hold()
    {
        Count(1);
        return new Holder();
    }

    private static void Count(int change)
    {
        lock (Counting)
        {
            _holders += change;
            Volatile.Write(ref _isOn, _holders > 0);
        }
    }

    private sealed class Holder : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            {
                Count(-1);
            }
        }
    }
}
