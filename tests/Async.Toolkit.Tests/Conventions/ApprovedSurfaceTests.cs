using System.Reflection;
using PublicApiGenerator;
using Xunit;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>Nothing of the public surface changes unnoticed.</summary>
public sealed class ApprovedSurfaceTests
{
    [Theory]
    [InlineData("Async.Toolkit")]
    [InlineData("Async.Toolkit.Testing")]
    public void The_public_surface_is_the_approved_one(string library)
    {
        Assembly assembly = PublicSurface.Libraries.Single(one => one.GetName().Name == library);
        string seen = assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").TrimEnd() + "\n";

        string approvedPath = Path.Combine("tests", "Async.Toolkit.Tests", "Conventions", "Approved", $"{library}.txt");
        string approvedFile = Path.Combine(Repository.Root, approvedPath);
        string approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";
        if (seen == approved)
        {
            return;
        }

        string seenPath = Path.Combine("artifacts", "surface", $"{library}.txt");
        Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "surface"));
        File.WriteAllText(Path.Combine(Repository.Root, seenPath), seen);
        Assert.Fail($"""
            The public surface of {library} is not the approved one:
            {string.Join('\n', Changes(approved.Split('\n'), seen.Split('\n')))}
            To accept it, in the root of the repository: cp {seenPath} {approvedPath}
            """);
    }

    private static IEnumerable<string> Changes(string[] approved, string[] seen) =>
        [.. approved.Except(seen).Select(static line => $"- {line}"), .. seen.Except(approved).Select(static line => $"+ {line}")];
}
