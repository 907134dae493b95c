using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>
/// The engine under every call: a group whose children are workers that pull items from the source. Each starts the next worker only when it
/// found an item and no successor is under way, so that there are never more of them than the work can use.
/// </summary>
internal sealed class GatherRun<TSource, T> : ILiveGather
{
    private readonly Join<T> _join;
    private readonly ItemSource<TSource> _source;
    private readonly CallerSite _site;
    private readonly int _limit;
    private readonly ProgressCounter? _progress;
    private bool _isProgressBroken;
    private readonly ItemSpans? _spans;
    private readonly LimitedOperation<TSource, T>? _limited;

    // How many workers were sent and have not left. Grows only by whoever holds the mark below.
    private int _workers;
    private int _successorIsDue;

    /// <summary>What the source said last, for the one reader that holds the gate: not a field of every worker.</summary>
    public ValueTask<bool> Answer;

    // Guarded by the gate.
    private long _read;
    private bool _ended;

    public GatherRun(ItemSource<TSource> source, ItemOperation<TSource, T> operation, Join<T> join, in GatherSettings settings)
    {
        _source = source;
        _join = join;
        _limit = settings.Limit;
        GatherOptions options = settings.Options;
        TaskGroupOptions groupOptions = options.GroupOptions;
        _site = CallerSite.Given(groupOptions.Name, "", 0);
        Core = new GroupCore(groupOptions, join, hasBody: false, settings.Token, settings.SecondToken) { RunsWorkers = true };
        join.Attach(this, Core, options);
        Operation = operation;
        if (options.Progress is { } listener)
        {
            _progress = new ProgressCounter(listener, OnProgressThrew);
            Operation = new CountedOperation<TSource, T>(Operation, _progress, source);
        }

        if (options.TraceItems && Spans.AreOn)
        {
            _spans = new ItemSpans(options);
            Operation = new TracedOperation<TSource, T>(Operation, _spans);
        }

        if (options.ItemTimeout != Timeout.InfiniteTimeSpan)
        {
            Operation = new TimedOperation<TSource, T>(Operation, options.ItemTimeout, Core);
        }

        if (options.HasPartitions || options.RateLimiter is not null)
        {
            Operation = _limited = new LimitedOperation<TSource, T>(Operation, options);
        }
    }

    public GroupCore Core { get; }

    public ItemOperation<TSource, T> Operation { get; }

    public SourceGate Gate { get; } = new();

    /// <summary>What the <see cref="AsyncLocal{T}"/>s are for every item: set by the first worker, to what all of them begin with.</summary>
    public ExecutionContext? Context { get; set; }

    public void Start()
    {
        _workers = 1;
        _successorIsDue = 1;

        // Every worker begins with the context of the first one.
        LiveScope.Visit visit = Core.Visiting(Core.IsFollowed);
        Core.Add(NewWorker(), _site);
        visit.Leave();
    }

    public void Arrived() => Volatile.Write(ref _successorIsDue, 0);

    /// <summary>Sends one more worker, unless one is on its way or the limit is reached. Called by a worker that found an item.</summary>
    public void SendSuccessor()
    {
        if (Volatile.Read(ref _successorIsDue) != 0 || Volatile.Read(ref _workers) >= _limit || Interlocked.Exchange(ref _successorIsDue, 1) != 0)
        {
            return;
        }

        if (Volatile.Read(ref _workers) < _limit)
        {
            Interlocked.Increment(ref _workers);
            Core.Add(NewWorker(), _site);
        }
        else
        {
            Arrived();
        }
    }

    /// <summary>Asks the source for the next item. Called by the holder of the gate.</summary>
    public ValueTask<bool> MoveNextAsync() => _source.MoveNextAsync(Core.Token);

    public bool MayRead => !_ended && !Core.IsCanceling;

    /// <summary>Room for one more item; <see langword="null"/> where there is. Called by the holder of the gate.</summary>
    public Task? Room() => _join.Room();

    /// <summary>Takes the item that the source has moved to. Called by the holder of the gate.</summary>
    public TSource Take(out long index)
    {
        TSource item = _source.Current;
        index = _read;
        _join.Reserve(index, _source.KnownCount);
        _read++;
        return item;
    }

    /// <summary>Called by the holder of the gate.</summary>
    public void OnSourceEnded()
    {
        _ended = true;
        _join.SourceEnded(_read);
    }

    /// <summary>What a throwing source leaves is not read any further. Called by the holder of the gate.</summary>
    public void OnSourceThrew(Exception thrown)
    {
        _ended = true;
        bool isFailure = ReportSource(thrown);

        // Behind the report, which may be the first to see that the caller has canceled: before that nothing can be left undone.
        _join.LeaveUndone();

        // One that was canceled has not ended: how many items there are is not known.
        if (isFailure)
        {
            _join.SourceEnded(_read);
        }
    }

    public void OnSucceeded(long index, T result)
    {
        _spans?.Succeeded(index);
        _join.Succeeded(index, result);
        _progress?.Succeeded();
    }

    /// <summary>An item whose task was canceled, or, where there is none, that was read and not begun.</summary>
    public void OnCanceled(long index, Task? ended)
    {
        // The exception of a canceled task is had by throwing it: only where nobody asked for the cancellation, which makes it a failure.
        if (ended is not null && !Core.IsCancellationAsked())
        {
            OnThrew(index, Failures.Of(ended));
            return;
        }

        _spans?.Threw(index, []);
        Report.CountCanceled(Core.Options.Name);
        _join.Canceled(index);
    }

    public void OnThrew(long index, IReadOnlyList<Exception> thrown)
    {
        List<Exception> failures = Core.FailuresIn(thrown, $"Item {index}");
        if (failures.Count == 0)
        {
            OnCanceled(index, null);
            return;
        }

        _spans?.Threw(index, failures);
        Report.CountFailed(Core.Options.Name, failures[0]);
        _join.Failed(index, failures);
        _progress?.Failed();
    }

    public void Describe(LiveView view)
    {
        view.Waiting = _limited?.Waiting.Count ?? 0;
        view.Detail = $"{Volatile.Read(ref _read)} read";
    }

    public void DescribeItem(LiveView view, long item)
    {
        if (_limited?.Waiting.Contains(item) == true)
        {
            view.State = TaskTreeState.WaitingForPermit;
        }
    }

    /// <summary>A worker is gone, or was never let in. The last one closes the call.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _workers) == 0)
        {
            _ = CloseAsync();
        }
    }

    private Worker<TSource, T> NewWorker() =>
        Core.IsFollowed ? new FollowedWorker<TSource, T>(this) : new Worker<TSource, T>(this);

    private async Task CloseAsync()
    {
        // A source that knows its size and was read that far has ended, even if a cancellation kept everybody from asking it once more.
        if (!_ended && _source.KnownCount != _read)
        {
            _join.LeaveUndone();
        }

        try
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            ReportSource(thrown);
        }

        Operation.Close();
        _join.Closing();
        Core.OnBodySucceeded();
    }

    /// <summary>Whether it was a failure and no cancellation.</summary>
    private bool ReportSource(Exception thrown)
    {
        List<Exception> failures = Core.FailuresIn([thrown], "The source");
        if (failures.Count == 0)
        {
            return false;
        }

        _join.SourceFailed(failures);
        return true;
    }

    // By one thread at a time, like the reports themselves.
    private void OnProgressThrew(Exception thrown)
    {
        // Once for each call: a handler that is broken throws at every report. One that goes along with a cancellation is not broken.
        if (!_isProgressBroken && Core.FailuresIn([thrown], "The progress handler").Count > 0)
        {
            _isProgressBroken = true;
            Report.ProgressFailed(Core.Options.EffectiveLogger, Core.Options.Name, thrown);
        }
    }
}
