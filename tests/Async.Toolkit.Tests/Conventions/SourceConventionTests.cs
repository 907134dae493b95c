using System.Text.RegularExpressions;
using Xunit;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>What holds for the source files of the library as files: who may know whom, and how they are cut.</summary>
public sealed partial class SourceConventionTests
{
    // Each part with the parts that it may know. A new folder has to be given its place here.
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Internal"] = [],
        ["Diagnostics"] = ["Internal"],
        ["Timing"] = ["Internal", "Diagnostics"],
        ["Limiting"] = ["Internal", "Diagnostics"],
        ["Groups"] = ["Internal", "Diagnostics", "Timing", "Limiting"],
        ["Gathering"] = ["Internal", "Diagnostics", "Timing", "Limiting", "Groups"],
        ["Pages"] = ["Internal", "Diagnostics", "Timing", "Limiting", "Groups", "Gathering"],
        ["Running"] = ["Internal", "Diagnostics", "Timing", "Limiting", "Groups", "Gathering", "Pages"],
    };

    private static readonly IReadOnlyList<SourceFile> Files = SourceFile.ReadLibrary();

    [Fact]
    public void Every_folder_has_its_place_in_the_direction_of_dependencies() =>
        Offences.AssertNone(Files.Select(static file => file.Folder).Distinct().Except(MayKnow.Keys));

    [Fact]
    public void No_folder_knows_one_that_is_built_on_it()
    {
        var homes = from file in Files
                    from type in file.Types
                    select (type.Name, file.Folder);

        Offences.AssertNone(from home in homes.Distinct()
                            from file in Files
                            where file.Folder != home.Folder && !MayKnow[file.Folder].Contains(home.Folder) && file.Mentions(home.Name)
                            select $"{file.Path} mentions {home.Name}, which lives in {home.Folder}");
    }

    [Fact]
    public void No_using_reaches_into_a_folder_that_is_built_on_this_one() =>
        Offences.AssertNone(from file in Files
                            from folder in MayKnow.Keys
                            where file.Folder != folder && !MayKnow[file.Folder].Contains(folder) && file.Code.Contains($"Async.Toolkit.{folder}", StringComparison.Ordinal)
                            select $"{file.Path} names Async.Toolkit.{folder}");

    [Fact]
    public void The_architecture_page_draws_this_direction()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var drawn = Arrow().Matches(page.Split("```mermaid")[1].Split("```")[0]).ToLookup(static arrow => arrow.Groups["from"].Value, static arrow => arrow.Groups["to"].Value);
        IEnumerable<string> Reached(string folder) => drawn[folder].SelectMany(below => Reached(below).Append(below));

        Offences.AssertNone(from part in MayKnow
                            from folder in part.Value.Except(Reached(part.Key)).Concat(Reached(part.Key).Except(part.Value))
                            select $"{part.Key} and {folder}: the page and the rule differ");
    }

    [Fact]
    public void Internal_types_live_in_the_namespace_of_their_folder_and_daily_types_in_Async_Toolkit() =>
        Offences.AssertNone(from file in Files
                            from type in file.Types
                            let own = $"Async.Toolkit.{file.Folder}"
                            where type.IsPublic ? file.Namespace != "Async.Toolkit" && own != "Async.Toolkit.Diagnostics" : file.Namespace != own
                            select $"{file.Path}: {type.Name} in {file.Namespace}");

    [Fact]
    public void A_file_holds_at_most_one_public_type_and_is_named_after_it() =>
        Offences.AssertNone(from file in Files
                            let visible = file.Types.Where(static type => type.IsPublic).Select(static type => type.Name).ToArray()
                            where visible.Length > 1 || (visible.Length == 1 && Path.GetFileName(file.Path).Split('.', '{')[0] != visible[0])
                            select $"{file.Path} declares {string.Join(", ", visible)}");

    [Fact]
    public void No_file_is_longer_than_can_be_taken_in() =>
        Offences.AssertNone(Files.Where(static file => file.LineCount > 350).Select(static file => $"{file.Path}: {file.LineCount} lines"));

    [Fact]
    public void The_scan_sees_the_library()
    {
        // The other tests pass on an empty list: this one tells that they had something to look at.
        Assert.Contains(Files, static file => file.Folder == "Groups" && file.Namespace == "Async.Toolkit" && file.Types.Contains(new DeclaredType("TaskGroup", IsPublic: true)));
        Assert.Contains(Files, static file => file.Folder == "Groups" && file.Types.Contains(new DeclaredType("GroupState", IsPublic: false)));
        Assert.Contains(Files, static file => file.Path.EndsWith("/GroupCore.cs", StringComparison.Ordinal) && file.Mentions("Deadline"));
        Assert.All(Files, static file => Assert.NotEmpty(file.Types));
    }

    [GeneratedRegex(@"(?<from>\w+) --> (?<to>\w+)")]
    private static partial Regex Arrow();
}
