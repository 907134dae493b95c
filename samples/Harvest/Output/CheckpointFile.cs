using System.Text.Json;

namespace Harvest.Output;

/// <summary>The checkpoint of an output, in a file beside it. It is there as long as the output is not complete.</summary>
internal sealed class CheckpointFile(string output)
{
    private readonly string _path = output + ".continuation";

    public bool Exists => File.Exists(_path);

    public string Name => Path.GetFileName(_path);

    /// <exception cref="ResumeException">There is none, or it cannot be read.</exception>
    public Checkpoint Load()
    {
        if (!Exists)
        {
            throw new ResumeException($"there is nothing to go on with: no {Name} stands beside {Path.GetFileName(output)}");
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), CheckpointJson.Default.Checkpoint) is { Continuation: not null, Records: >= 0, Bytes: >= 0 } checkpoint
                ? checkpoint
                : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new ResumeException($"{Name} is broken: it is not what a harvest writes when it is interrupted");
        }
    }

    /// <summary>Whoever reads the file, and whenever the process ends: it holds either the former checkpoint or this one, whole.</summary>
    public void Save(Checkpoint checkpoint, bool toDisk)
    {
        string temporary = _path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create))
        {
            JsonSerializer.Serialize(stream, checkpoint, CheckpointJson.Default.Checkpoint);
            stream.Flush(toDisk);
        }

        File.Move(temporary, _path, overwrite: true);
    }

    public void Delete() => File.Delete(_path);
}
