using System.Threading.Tasks.Sources;
using Async.Toolkit.Internal;
using Xunit;

namespace Async.Toolkit.Tests.Internal;

/// <summary>What has been done already costs no task, and gives back what it was made of.</summary>
public sealed class PendingTests
{
    [Fact]
    public void The_result_of_a_pooled_source_is_taken_once_so_that_it_can_be_used_again()
    {
        var source = new PooledSource();

        Assert.Null(Pending.From(new ValueTask(source, 7), out Unit _));
        Assert.Equal([7], source.Taken);

        Assert.Null(Pending.From(new ValueTask<int>(source, 8), out int result));
        Assert.Equal([7, 8], source.Taken);
        Assert.Equal(42, result);
    }

    [Fact]
    public void What_has_succeeded_is_done_and_what_has_not_is_a_task()
    {
        Assert.Null(Pending.From(new ValueTask<int>(1), out int result));
        Assert.Equal(1, result);
        Assert.Null(Pending.From(Task.FromResult(2), out result));
        Assert.Equal(2, result);
        Assert.Null(Pending.From(Task.CompletedTask, out Unit _));

        Task<int> failed = Task.FromException<int>(new InvalidOperationException());
        Assert.Same(failed, Pending.From(new ValueTask<int>(failed), out result));
        Assert.Same(failed, Pending.From(failed, out result));
        Assert.Same(failed, Pending.From((Task)failed, out Unit _));
        Assert.Same(failed, Pending.From(new ValueTask(failed), out Unit _));
        Assert.IsType<InvalidOperationException>(failed.Exception!.InnerException);
    }

    [Fact]
    public void Null_where_a_task_was_expected_says_so()
    {
        Assert.All(
            new Action[]
            {
                static () => Pending.From((Task)null!, out Unit _),
                static () => Pending.From((Task<int>)null!, out int _),
                static () => _ = Pending.AsValueTask<int>(null).AsTask(),
            },
            static call => Assert.Equal("The delegate returned null where a task was expected.", Assert.Throws<InvalidOperationException>(call).Message));
    }

    private sealed class PooledSource : IValueTaskSource, IValueTaskSource<int>
    {
        public List<short> Taken { get; } = [];

        public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Succeeded;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => throw new NotSupportedException();

        void IValueTaskSource.GetResult(short token) => Taken.Add(token);

        int IValueTaskSource<int>.GetResult(short token)
        {
            Taken.Add(token);
            return 42;
        }
    }
}
