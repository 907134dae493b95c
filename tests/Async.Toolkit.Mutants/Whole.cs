namespace Async.Toolkit.Mutants;

/// <summary>
/// Makes what is kept as a whole or not at all: under another name, and moved to its own one last. Whatever ends the program meanwhile, what is there
/// under its own name can be used.
/// </summary>
internal static class Whole
{
    public static async Task FolderAsync(string folder, Func<string, Task> fillAsync)
    {
        string making = folder + ".making";
        Remove(making);
        Directory.CreateDirectory(making);
        try
        {
            await fillAsync(making);
            Remove(folder);
            Directory.Move(making, folder);
        }
        finally
        {
            Remove(making);
        }
    }

    public static void File(string file, string text)
    {
        string making = file + ".making";
        System.IO.File.WriteAllText(making, text);
        System.IO.File.Move(making, file, overwrite: true);
    }

    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
