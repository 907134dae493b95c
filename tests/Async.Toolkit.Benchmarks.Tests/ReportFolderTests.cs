using Async.Toolkit.Benchmarks.Compare.Output;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

public sealed class ReportFolderTests
{
    private static readonly byte[] Content = [1, 2, 3];

    [Fact]
    public void Files_appear_under_their_names_and_replace_older_ones()
    {
        using var home = new TemporaryFolder();
        File.WriteAllBytes(home["a"], [9]);

        using (ReportFolder folder = ReportFolder.TryOpen(home.Path, out _)!)
        {
            folder.Write(("a", Content), ("b", Content));
        }

        Assert.Equal(["a", "b"], home.Entries);
        Assert.Equal(Content, File.ReadAllBytes(home["a"]));
    }

    [Fact]
    public void If_one_file_cannot_be_written_none_is()
    {
        using var home = new TemporaryFolder();
        File.WriteAllBytes(home["a"], [9]);
        Directory.CreateDirectory(home["b"]);
        using ReportFolder folder = ReportFolder.TryOpen(home.Path, out _)!;

        Assert.Throws<IOException>(() => folder.Write(("a", Content), ("b", Content)));

        Assert.Equal(["a", "b"], home.Entries);
        Assert.Equal([9], File.ReadAllBytes(home["a"]));
    }

    [Fact]
    public void A_folder_that_stayed_empty_goes_away_with_those_above_it_that_were_created()
    {
        using var home = new TemporaryFolder();
        string deep = Path.Combine(home.Path, "one", "two");

        using (ReportFolder.TryOpen(deep, out _))
        {
            Assert.True(Directory.Exists(deep));
        }

        Assert.Empty(home.Entries);
    }

    [Fact]
    public void A_folder_that_was_there_before_stays()
    {
        using var home = new TemporaryFolder();

        ReportFolder.TryOpen(home.Path, out _)!.Dispose();

        Assert.True(Directory.Exists(home.Path));
    }

    [Fact]
    public void A_place_that_cannot_be_a_folder_is_refused_with_the_reason()
    {
        using var home = new TemporaryFolder();
        File.WriteAllBytes(home["file"], Content);

        Assert.Null(ReportFolder.TryOpen(Path.Combine(home["file"], "below"), out string? reason));

        Assert.Contains(home["file"], reason, StringComparison.Ordinal);
        Assert.Equal(["file"], home.Entries);
    }
}
