namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>The folder that a report goes to. Files get their names only once all of them are whole.</summary>
internal sealed class ReportFolder : IDisposable
{
    private readonly string _path;
    private readonly string? _firstCreated;

    private ReportFolder(string path, string? firstCreated) => (_path, _firstCreated) = (path, firstCreated);

    /// <summary>Makes sure that the folder is there and can be written; otherwise gives <see langword="null"/> and the reason.</summary>
    public static ReportFolder? TryOpen(string path, out string? reason)
    {
        ReportFolder? folder = null;
        try
        {
            string full = Path.GetFullPath(path);
            folder = new ReportFolder(full, FirstMissing(full));
            Directory.CreateDirectory(full);
            string probe = folder.NewTemporary();
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            reason = null;
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            folder?.Dispose();
            reason = $"cannot write to '{path}': {failure.Message}";
            return null;
        }
    }

    /// <summary>Writes all files, or none.</summary>
    public void Write(params (string Name, byte[] Content)[] files)
    {
        var whole = new List<(string Temporary, string Final)>();
        try
        {
            foreach ((string name, byte[] content) in files)
            {
                string final = Path.Combine(_path, name);
                if (Directory.Exists(final))
                {
                    throw new IOException($"'{final}' is a folder.");
                }

                whole.Add((NewTemporary(), final));
                File.WriteAllBytes(whole[^1].Temporary, content);
            }

            foreach ((string temporary, string final) in whole)
            {
                File.Move(temporary, final, overwrite: true);
            }
        }
        finally
        {
            foreach ((string temporary, _) in whole)
            {
                File.Delete(temporary);
            }
        }
    }

    /// <summary>Takes away again what <see cref="TryOpen"/> created, as far as nothing was written there.</summary>
    public void Dispose()
    {
        for (string? folder = _path; _firstCreated is not null && folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(folder))
            {
                if (Directory.EnumerateFileSystemEntries(folder).Any())
                {
                    return;
                }

                Directory.Delete(folder);
            }

            if (folder == _firstCreated)
            {
                return;
            }
        }
    }

    private static string? FirstMissing(string path)
    {
        string? missing = null;
        for (string? folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing = folder;
        }

        return missing;
    }

    private string NewTemporary() => Path.Combine(_path, $".{Guid.NewGuid():N}.tmp");
}
