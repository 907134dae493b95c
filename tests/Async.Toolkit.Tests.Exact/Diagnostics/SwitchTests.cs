using System.Runtime.Loader;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>The switch that turns the task tree on for a whole process.</summary>
public sealed class SwitchTests
{
    private const string Name = "Async.Toolkit.TaskTree";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_tree_is_as_the_switch_says_from_the_librarys_first_use_on(bool isOn)
    {
        Assert.False(TaskTree.IsEnabled);
        var apart = new AssemblyLoadContext(nameof(SwitchTests), isCollectible: true);
        AppContext.SetSwitch(Name, isOn);
        try
        {
            // The library once more, as a process that has not used it yet.
            Type tree = apart.LoadFromAssemblyPath(typeof(TaskTree).Assembly.Location).GetType(typeof(TaskTree).FullName!, throwOnError: true)!;
            Assert.NotSame(typeof(TaskTree), tree);
            Assert.Equal(isOn, tree.GetProperty(nameof(TaskTree.IsEnabled))!.GetValue(null));
        }
        finally
        {
            AppContext.SetSwitch(Name, false);
            apart.Unload();
        }

        Assert.False(TaskTree.IsEnabled);
    }
}
