using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Pages;

// An enumeration as the consumer and the task tree see it: it is there from the first page that is asked for until it is disposed.
internal sealed partial class PageWalk<T> : IAsyncEnumerator<Page<T>>
{
    private IAsyncEnumerator<Page<T>> _pages = null!;
    private bool _isSeen;
    private bool _isOver;

    // What is shown: the last page that came, and how many are being fetched.
    private int _fetched;
    private int _fetching;

    public Page<T> Current => _pages.Current;

    public ValueTask<bool> MoveNextAsync()
    {
        if (!_isSeen && !_isOver)
        {
            _isSeen = true;
            Parent = LiveScope.Here;
            Started = LiveClock.Now(TimeProvider.System, mayAsk: false);
            LiveRegistry.Enter(this);
        }

        return _pages.MoveNextAsync();
    }

    public ValueTask DisposeAsync()
    {
        ValueTask end = _pages.DisposeAsync();
        if (end.IsCompletedSuccessfully)
        {
            Leave();
            return end;
        }

        return LeaveAfterAsync(end);
    }

    public override void Describe(LiveView view)
    {
        int fetching = Volatile.Read(ref _fetching);
        view.Kind = TaskTreeNodeKind.Pages;
        view.Name = _plan.Site.Name;
        view.File = _plan.Site.File.Length > 0 ? _plan.Site.File : null;
        view.Line = _plan.Site.Line;
        view.State = fetching > 0 ? TaskTreeState.Running : TaskTreeState.Consuming;
        view.Reason = _callerToken.IsCancellationRequested ? CancellationReason.Caller : CancellationReason.None;
        view.State = view.Reason != CancellationReason.None ? TaskTreeState.Canceling : view.State;
        view.Running = fetching;
        view.Detail = $"{_fetched} came";
        view.Age = LiveClock.Age(Started, view.Now(TimeProvider.System));
        view.CallerToken = _callerToken;
    }

    private async ValueTask LeaveAfterAsync(ValueTask end)
    {
        try
        {
            await end.ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        // For good: one that is asked for a page after its disposal would never leave again.
        if (_isSeen && !_isOver)
        {
            LiveRegistry.Leave(this);
        }

        _isOver = true;
    }
}
