namespace Async.Toolkit.Testing;

/// <summary>The one place where the live picture of the library's groups enters messages.</summary>
internal static class LiveTree
{
    /// <summary>The groups that are alive, drawn for people; <see langword="null"/> when there are none.</summary>
    public static string? Draw() => null;
}
