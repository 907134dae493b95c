using System.Runtime.CompilerServices;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>What <see cref="TaskGroupOptions.ChildFailed"/> is told: the names, the place and the failures.</summary>
public sealed class ChildFailureTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_tells_its_group_its_childs_source_text_its_file_and_its_line(bool start)
    {
        var thrown = new IOException();
        int line = 0;
        ChildFailure failure = await FailureOf(group =>
        {
            if (start)
            {
                line = Line(); group.Start(ct => Throw(thrown, "a secret", ct));
            }
            else
            {
                line = Line(); _ = group.Run(ct => Throw(thrown, "a secret", ct));
            }
        });

        Assert.Equal("yard", failure.GroupName);
        Assert.Equal("ct => Throw(thrown, …, ct)", failure.ChildName);
        Assert.Equal($"{nameof(ChildFailureTests)}.cs", Path.GetFileName(failure.FilePath));
        Assert.Equal(line, failure.LineNumber);
        Assert.Same(thrown, failure.Exception);
        Assert.Equal([thrown], failure.Exceptions);
    }

    [Fact]
    public async Task A_long_child_is_named_on_one_line_of_at_most_80_characters()
    {
        ChildFailure failure = await FailureOf(group => group.Start(async ct =>
        {
            // A comment that is no part of the name.
            await Task.Yield();
            throw new IOException("password=hunter2", new FormatException($"and {42} more characters than fit into one single line"));
        }));

        Assert.True(failure.ChildName.Length <= 80, failure.ChildName);
        Assert.DoesNotContain('\n', failure.ChildName);
        Assert.DoesNotContain("hunter2", failure.ChildName, StringComparison.Ordinal);
        Assert.DoesNotContain("comment", failure.ChildName, StringComparison.Ordinal);
        Assert.StartsWith("async ct => { await Task.Yield();", failure.ChildName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verbatim_literal_that_starts_with_a_quote_is_hidden_as_well()
    {
        ChildFailure failure = await FailureOf(group => group.Start(ct => Throw(new IOException(@"""a"), @"""hunter2""", ct)));
        Assert.DoesNotContain("hunter2", failure.ChildName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_its_own_replaces_the_source_text_and_keeps_the_place()
    {
        int line = 0;
        ChildFailure failure = await FailureOf(group =>
        {
            line = Line(); group.Start(new ChildOptions { Name = "order 17\r\nfrom \"Bern\"" }, _ => throw new IOException());
        });

        Assert.Equal(@"order 17\r\nfrom ""Bern""", failure.ChildName);
        Assert.Equal(line, failure.LineNumber);
        Assert.Equal(80, (await FailureOf(group => group.Start(new ChildOptions { Name = new string('x', 500) }, _ => throw new IOException()))).ChildName.Length);
    }

    [Fact]
    public async Task A_method_group_and_a_state_are_named_by_the_method()
    {
        Assert.Equal("Fails", (await FailureOf(group => group.Start(Fails))).ChildName);
        Assert.Equal("FailsWith", (await FailureOf(group => group.Start("s3cret", FailsWith))).ChildName);

        static Task Fails(CancellationToken token) => throw new IOException();

        static ValueTask FailsWith(string state, CancellationToken token) => throw new IOException();
    }

    [Fact]
    public async Task A_child_with_several_failures_tells_them_all()
    {
        Exception[] thrown = [new IOException(), new FormatException()];
        ChildFailure failure = await FailureOf(group => group.Start(_ => Task.WhenAll(thrown.Select(Task.FromException))));
        Assert.Equal(thrown, failure.Exceptions);
        Assert.Same(thrown[0], failure.Exception);
    }

    [Fact]
    public async Task Canceled_and_successful_children_tell_nothing()
    {
        using var own = new CancellationTokenSource();
        await own.CancelAsync();
        int told = 0;
        await TaskGroup.RunAsync(new() { ChildFailed = _ => told++ }, async group =>
        {
            await group.Run(_ => ValueTask.CompletedTask);
            group.Start(new ChildOptions { CancellationToken = own.Token }, _ => ValueTask.CompletedTask);
            var started = new Gate();
            group.Start(ct =>
            {
                started.Open();
                return ct.UntilCanceled();
            });
            await started.Opened;
            group.Cancel();
            group.Start(_ => ValueTask.CompletedTask);
        }).Guarded();
        Assert.Equal(0, told);
    }

    [Fact]
    public async Task The_bodys_failure_is_not_a_childs()
    {
        int told = 0;
        await TaskGroup.RunAsync(new() { ChildFailed = _ => told++ }, _ => throw new IOException()).OnlyFailure();
        Assert.Equal(0, told);
    }

    [Fact]
    public async Task The_group_does_not_end_before_the_handler_has_returned_and_the_handler_may_add_children()
    {
        bool replaced = false;
        TaskGroup? supervisor = null;
        var options = new TaskGroupOptions
        {
            FailurePolicy = FailurePolicy.Isolate,
            ChildFailed = _ => supervisor!.Start(_ =>
            {
                replaced = true;
                return ValueTask.CompletedTask;
            }),
        };
        await TaskGroup.RunAsync(options, group =>
        {
            supervisor = group;
            group.Start(_ => throw new IOException());
            return ValueTask.CompletedTask;
        }).Guarded();
        Assert.True(replaced);
    }

    private static async Task<ChildFailure> FailureOf(Action<TaskGroup> start)
    {
        ChildFailure? told = null;
        await TaskGroup.RunAsync(new() { Name = "yard", ChildFailed = failure => told = failure }, group =>
        {
            start(group);
            return ValueTask.CompletedTask;
        }).Failures();
        return told!;
    }

    private static Task Throw(Exception failure, string secret, CancellationToken token) => throw failure;

    private static int Line([CallerLineNumber] int line = 0) => line;
}
