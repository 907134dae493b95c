using System.Reflection;

namespace Async.Toolkit.Testing;

/// <summary>A run together with the task of its body, whatever that gives.</summary>
internal sealed class VirtualRun<TBody>(VirtualTimeOptions options, Func<VirtualTime, TBody> body, MethodInfo method) : VirtualRun(options)
    where TBody : Task
{
    private readonly TaskCompletionSource<TBody> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TBody? _body;
    private CancellationTokenRegistration _cancellation;

    public override string Name => AwaitedNames.OfMethod(method.Name, method.DeclaringType);

    protected override Task? Body => _body;

    /// <summary>Gives the body's task when the run has ended with it; unwrapped, that is the body's outcome as it stands, with all of its failures.</summary>
    /// <param name="options">The settings of the run.</param>
    /// <param name="body">What it runs.</param>
    /// <param name="method">The user's own; for messages.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static Task<TBody> Start(VirtualTimeOptions options, Func<VirtualTime, TBody> body, MethodInfo method, CancellationToken cancellationToken)
    {
        if (Current is not null)
        {
            throw new InvalidOperationException("A virtual-time run cannot begin inside another one: there would be two clocks. Pass the VirtualTime of the outer run on.");
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TBody>(cancellationToken);
        }

        var run = new VirtualRun<TBody>(options, body, method);
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
                if (run.TryGiveUp())
                {
                    run._end.SetCanceled(token);
                }
            },
            this);
        Begin(() => _body = body(Time) ?? throw new InvalidOperationException("The body of a virtual-time run returned null instead of a task."));
    }
}
