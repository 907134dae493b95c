namespace Async.Toolkit.Testing;

/// <summary>A run together with the task of its body, whatever that gives.</summary>
internal sealed class VirtualRun<TBody>(VirtualTimeOptions options, Func<VirtualTime, TBody> body) : VirtualRun(options)
    where TBody : Task
{
    private readonly TaskCompletionSource<TBody> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TBody? _body;
    private CancellationTokenRegistration _cancellation;

    protected override Task? Body => _body;

    /// <summary>Gives the body's task when the run has ended with it; unwrapped, that is the body's outcome as it stands, with all of its failures.</summary>
    public static Task<TBody> Start(VirtualTimeOptions options, Func<VirtualTime, TBody> body, CancellationToken cancellationToken)
    {
        if (Current is not null)
        {
            throw new InvalidOperationException("A virtual-time run cannot begin inside another one: there would be two clocks. Pass the VirtualTime of the outer run on.");
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TBody>(cancellationToken);
        }

        var run = new VirtualRun<TBody>(options, body);
        run.Begin(cancellationToken);
        return run._end.Task;
    }

    protected override void GiveBody()
    {
        _cancellation.Unregister();
        _end.SetResult(_body!);
    }

    protected override void GiveFailure(Exception failure)
    {
        _cancellation.Unregister();
        _end.SetException(failure);
    }

    private void Begin(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(
            static (self, token) =>
            {
                var run = (VirtualRun<TBody>)self!;
                if (run.TryEnd())
                {
                    run._end.SetCanceled(token);
                }
            },
            this);
        Begin(() => _body = body(Time) ?? throw new InvalidOperationException("The body of a virtual-time run returned null instead of a task."));
    }
}
