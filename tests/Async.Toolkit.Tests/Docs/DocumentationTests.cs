using Async.Toolkit.Tests.Conventions;
using Xunit;

namespace Async.Toolkit.Tests.Docs;

/// <summary>The documentation shows only code that compiles, and links only to what is there.</summary>
public sealed class DocumentationTests
{
    private static readonly string[] Languages = ["csharp", "bash", "text", "mermaid", "python"];

    private static readonly IReadOnlyList<Markdown> Pages = Markdown.ReadAll();

    private static readonly IReadOnlyList<Snippet> Snippets = Snippet.ReadAll();

    private static IEnumerable<CodeBlock> CSharp => Pages.SelectMany(static page => page.Blocks).Where(static block => block.Language == "csharp");

    [Fact]
    public void Every_block_of_code_is_a_snippet_that_compiles() =>
        Offences.AssertNone(from block in CSharp
                            where !Snippets.Any(snippet => snippet.Code == block.Code)
                            select $"{block.Place} is not identical to any snippet:\n{block.Code}\n");

    [Fact]
    public void Every_snippet_is_shown_somewhere() =>
        Offences.AssertNone(from snippet in Snippets
                            where !CSharp.Any(block => block.Code == snippet.Code)
                            select $"{snippet.Place}: '{snippet.Name}' is shown on no page:\n{snippet.Code}\n");

    [Fact]
    public void No_two_snippets_have_the_same_name() =>
        Offences.AssertNone(Snippets.GroupBy(static snippet => snippet.Name).Where(static same => same.Count() > 1).Select(static same => same.Key));

    [Fact]
    public void Every_block_names_its_language() =>
        Offences.AssertNone(from page in Pages
                            from block in page.Blocks
                            where !Languages.Contains(block.Language)
                            select $"{block.Place}: '{block.Language}'");

    [Fact]
    public void Every_fence_is_closed() =>
        Offences.AssertNone(from page in Pages
                            where page.Text.Split("```").Length - 1 != 2 * page.Blocks.Count
                            select page.Path);

    [Fact]
    public void Every_link_into_the_repository_leads_somewhere() =>
        Offences.AssertNone(from page in Pages
                            from link in page.Links
                            let target = link.Split('#')[0]
                            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                            let path = Path.Combine(Repository.Root, Path.GetDirectoryName(page.Path)!, target)
                            where !File.Exists(path) && !Directory.Exists(path)
                            select $"{page.Path}: {link}");

    [Fact]
    public void Every_link_to_a_heading_leads_to_one() =>
        Offences.AssertNone(from page in Pages
                            from link in page.Links
                            where link.Contains('#', StringComparison.Ordinal) && !link.Contains("://", StringComparison.Ordinal)
                            let target = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page.Path)!, link.Split('#')[0]))
                            let destination = link[0] == '#' ? page : Pages.SingleOrDefault(one => Path.GetFullPath(Path.Combine(Repository.Root, one.Path)) == target)
                            where destination?.Anchors.Contains(link.Split('#')[1]) != true
                            select $"{page.Path}: {link}");

    [Fact]
    public void The_look_at_the_documentation_sees_it()
    {
        // The other tests pass on an empty list: this one tells that they had something to look at.
        Assert.Contains(Pages, static page => page.Path == "README.md" && page.Links.Count > 0);
        Assert.Contains(CSharp, static block => block.Place.StartsWith("README.md:", StringComparison.Ordinal));
        Assert.Contains(CSharp, static block => block.Place.StartsWith("docs/groups.md:", StringComparison.Ordinal));
        Assert.Contains(CSharp, static block => block.Place.StartsWith("src/Async.Toolkit.Testing/README.md:", StringComparison.Ordinal));
    }
}
