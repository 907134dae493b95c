using Async.Toolkit.Groups;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Async.Toolkit.Tests.Groups.Machine;

/// <summary>
/// Drives a real <see cref="TaskGroup"/> through its public API along the steps of the model, and compares what a user can see after each. Children, body,
/// clock and cancellation callbacks end when the driver says so, and every continuation that the group controls runs inline, so each step is
/// over when its call returns; only strikes on the pool, and children on the pool, are waited for.
/// </summary>
internal sealed partial class GroupDriver : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly GroupSetting _setting;
    private readonly FakeTimeProvider _clock = new();
    private readonly CancellationTokenSource _caller = new();
    private readonly TaskCompletionSource<int> _body = new();
    private readonly ManualResetEventSlim _struck = new();
    private readonly ManualResetEventSlim _strikeMayEnd = new();
    private readonly SemaphoreSlim _starts = new(0);
    private readonly List<DrivenChild> _children = [];
    private readonly List<DrivenChild> _started = [];
    private readonly List<Exception> _expected = [];
    private readonly CancellationToken _token;
    private readonly TaskGroup _group;

    private Exception? _fromHandler;
    private Exception? _fromCallback;
    private int _ended;
    private Task? _end;
    private bool _disposed;
    private Task? _canceler;

    public GroupDriver(GroupSetting setting, bool inline)
    {
        _setting = setting;
        var options = new TaskGroupOptions
        {
            FailurePolicy = setting.Policy,
            MaxConcurrency = setting.MaxConcurrency,
            Timeout = Limit,
            TimeProvider = _clock,
            ChildContext = inline ? ChildContext.Caller : ChildContext.ThreadPool,
            ChildFailed = setting.Seen ? OnChildFailed : null,
        };
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new InlineContext());
        try
        {
            TaskGroup? group = null;
            if (setting.Opened)
            {
                group = TaskGroup.Open(options, _caller.Token);
            }
            else
            {
                _end = TaskGroup.RunAsync(options, running => { group = running; return _body.Task; }, _caller.Token);
            }

            _group = group!;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        _token = _group.CancellationToken;
        _token.UnsafeRegister(static driver => ((GroupDriver)driver!).OnStrike(), this);
    }

    /// <summary>Takes one step; what it finds different from the model, or <see langword="null"/>.</summary>
    public string? Apply(Transition<GroupModel> step)
    {
        // A context on the thread would keep the continuations of children and body from running inline.
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return Act(step) ?? Await(step.Before, step.After) ?? Compare(step.After);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Lets everything end: a walk may stop anywhere.</summary>
    public void Dispose()
    {
        _fromCallback = null;
        _strikeMayEnd.Set();
        _caller.Cancel();
        _body.TrySetResult(0);
        _end ??= _group.JoinAsync();
        foreach (DrivenChild child in _children)
        {
            child.Source.TrySetResult();
        }

        if (!End())
        {
            throw new TimeoutException("A group that was let go in the middle of a walk did not end.");
        }

        _ = _end.Exception;
        _canceler?.Wait();
        _caller.Dispose();
        _struck.Dispose();
        _strikeMayEnd.Dispose();
        _starts.Dispose();
    }

    private string? Act(Transition<GroupModel> step)
    {
        switch (step.Action)
        {
            case "Add":
                return Add(step.After);
            case "Child":
                EndChild(_setting.ChildEndings[step.ArgIndex], step.Before.FirstReason != CancellationReason.None);
                return null;
            case "Body":
                EndBody(_setting.BodyEndings[step.ArgIndex], step.Before.FirstReason != CancellationReason.None);
                return null;
            case "Ask":
                Ask(_setting.Asks[step.ArgIndex]);
                return null;
            case "Strike":
                if (Enum.GetValues<HowAStrikeEnds>()[step.ArgIndex] == HowAStrikeEnds.CallbackThrows)
                {
                    _fromCallback = new InvalidOperationException("callback");
                }

                _strikeMayEnd.Set();
                return null;
            default:
                throw new InvalidOperationException(step.Action);
        }
    }

    private string? Add(GroupModel after)
    {
        var child = new DrivenChild(_setting.OwnTokens);
        try
        {
            ChildOptions options = new() { Name = $"child {_children.Count}", CancellationToken = child.Own?.Token ?? default };
            if (_setting.Seen)
            {
                child.Handle = _group.Run(options, child, (child, _) => Started(child));
            }
            else
            {
                _group.Start(options, child, (child, _) => Started(child));
            }
        }
        catch (InvalidOperationException) when (after.Has(GroupAnswer.TooLate))
        {
            return null;
        }

        _children.Add(child);
        return after.Has(GroupAnswer.TooLate) ? "a child was taken after the end"
            : after.Has(GroupAnswer.Refused) && child.Handle is { IsCanceled: false } ? "a refused child's task is not canceled"
            : null;
    }

    private void EndChild(HowAChildEnds how, bool canceling)
    {
        DrivenChild child = _started[_ended++];
        switch (how)
        {
            case HowAChildEnds.Returns:
                child.Source.SetResult();
                break;
            case HowAChildEnds.IsCanceled when canceling:
                child.Source.SetCanceled(_token);
                break;
            case HowAChildEnds.IsCanceled:
                Expect(new OperationCanceledException("nobody asked"));
                child.Source.SetException(new OperationCanceledException("nobody asked"));
                break;
            case HowAChildEnds.IsCanceledAlone:
                child.Own!.Cancel();
                child.Source.SetCanceled(child.Own.Token);
                break;
            default:
                var failure = new InvalidOperationException($"child {_ended}");
                Expect(failure);
                if (how == HowAChildEnds.ThrowsAndItsHandlerToo)
                {
                    _fromHandler = new InvalidOperationException($"handler {_ended}");
                    _expected.Add(_fromHandler);
                }

                child.Source.SetException(failure);
                break;
        }

        void Expect(Exception failure)
        {
            if (_setting.Policy != FailurePolicy.Isolate || !_setting.Seen)
            {
                _expected.Add(failure);
            }
        }
    }

    private void EndBody(HowTheBodyEnds how, bool canceling)
    {
        switch (how)
        {
            case HowTheBodyEnds.Returns when _setting.Opened:
                _end = _group.JoinAsync();
                break;
            case HowTheBodyEnds.Returns:
                _body.SetResult(42);
                break;
            case HowTheBodyEnds.IsCanceled when canceling:
                _body.SetCanceled(_token);
                break;
            case HowTheBodyEnds.IsCanceled:
                _expected.Add(new OperationCanceledException("nobody asked"));
                _body.SetException(new OperationCanceledException("nobody asked"));
                break;
            default:
                var failure = new InvalidOperationException("body");
                _expected.Add(failure);
                _body.SetException(failure);
                break;
        }
    }

    private void Ask(Ask ask)
    {
        switch (ask)
        {
            case Machine.Ask.Caller:
                _caller.Cancel();
                break;
            case Machine.Ask.Timeout:
                _clock.Advance(Limit);
                break;
            case Machine.Ask.Cancel:
                // Its callbacks run on its caller's thread, and wait for us there.
                _canceler = Task.Run(_group.Cancel);
                break;
            default:
                _disposed = true;
                _end = _group.DisposeAsync().AsTask();
                break;
        }
    }

    private bool End() => Task.WaitAny([_end!], Guard) == 0;

    private Task Started(DrivenChild child)
    {
        lock (_started)
        {
            _started.Add(child);
        }

        _starts.Release();
        return child.Source.Task;
    }

    private void OnStrike()
    {
        _struck.Set();
        _strikeMayEnd.Wait(Guard);
        if (_fromCallback is { } failure)
        {
            throw failure;
        }
    }

    private void OnChildFailed(ChildFailure failure)
    {
        if (Interlocked.Exchange(ref _fromHandler, null) is { } thrown)
        {
            throw thrown;
        }
    }

    private sealed class DrivenChild(bool ownToken)
    {
        public TaskCompletionSource Source { get; } = new();

        public CancellationTokenSource? Own { get; } = ownToken ? new CancellationTokenSource() : null;

        public Task? Handle { get; set; }
    }

    private sealed class InlineContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => d(state);
    }
}
