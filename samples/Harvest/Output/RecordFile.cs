using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Harvest.Output;

/// <summary>
/// A file of records, one JSON document in each line, that grows page by page. From its first page until it is complete, a checkpoint stands beside it,
/// which is never ahead of what is written: whenever and however the process ends, another one can go on and the file becomes what it would have become.
/// </summary>
internal sealed class RecordFile : IDisposable
{
    private static readonly JsonWriterOptions Compact = new() { SkipValidation = true };

    private readonly FileStream _file;
    private readonly CheckpointFile _checkpoints;
    private readonly IncrementalHash _hash;
    private readonly ArrayBufferWriter<byte> _page = new();
    private bool _isToBeKept;

    private RecordFile(FileStream file, CheckpointFile checkpoints, IncrementalHash hash, Checkpoint checkpoint)
    {
        _file = file;
        _checkpoints = checkpoints;
        _hash = hash;
        Checkpoint = checkpoint;
    }

    /// <summary>How far the file is.</summary>
    public Checkpoint Checkpoint { get; private set; }

    public bool IsComplete { get; private set; }

    /// <summary>Opens a file for a run that starts at the beginning. What it holds stays until there is a first page to replace it.</summary>
    /// <exception cref="ResumeException">It is the file of a run that was interrupted.</exception>
    public static RecordFile Begin(string path, string run)
    {
        var checkpoints = new CheckpointFile(path);
        if (checkpoints.Exists)
        {
            throw new ResumeException($"{Path.GetFileName(path)} is of a run that was interrupted: go on with --resume, or delete {checkpoints.Name} to begin anew");
        }

        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return new RecordFile(file, checkpoints, hash, new Checkpoint(run, Continuation: null, Records: 0, Bytes: 0, Sha256: ""));
    }

    /// <summary>Opens the file of a run that was interrupted.</summary>
    /// <exception cref="ResumeException">It is of another run, or not what that run has left.</exception>
    public static RecordFile Resume(string path, string run)
    {
        var checkpoints = new CheckpointFile(path);
        Checkpoint checkpoint = checkpoints.Load();
        if (checkpoint.Run != run)
        {
            throw new ResumeException($"{checkpoints.Name} is of another run, '{checkpoint.Run}', and this one is '{run}'");
        }

        if (!File.Exists(path))
        {
            throw new ResumeException($"{Path.GetFileName(path)}, which {checkpoints.Name} is about, does not exist");
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        IncrementalHash? hash = HashOfBeginning(file, checkpoint);
        if (hash is null)
        {
            file.Dispose();
            throw new ResumeException($"{Path.GetFileName(path)} is not the file that {checkpoints.Name} is about: it does not begin with the {checkpoint.Bytes:N0} bytes that were written");
        }

        return new RecordFile(file, checkpoints, hash, checkpoint);
    }

    /// <summary>Writes one page. What the run before had written behind its checkpoint goes away.</summary>
    /// <param name="records">The records of the page.</param>
    /// <param name="shape">How a record is written.</param>
    /// <param name="continuation">Where the source goes on behind the page; <see langword="null"/> behind the last one, which completes the file.</param>
    public void Append<T>(IReadOnlyList<T> records, JsonTypeInfo<T> shape, string? continuation)
    {
        Render(records, shape);
        _isToBeKept = true;
        _file.SetLength(Checkpoint.Bytes);
        _file.Position = Checkpoint.Bytes;
        _file.Write(_page.WrittenSpan);
        _hash.AppendData(_page.WrittenSpan);
        Checkpoint = Checkpoint with
        {
            Continuation = continuation,
            Records = Checkpoint.Records + records.Count,
            Bytes = _file.Position,
            Sha256 = Convert.ToHexStringLower(_hash.GetCurrentHash()),
        };
        if (continuation is null)
        {
            Complete();
        }
        else
        {
            _checkpoints.Save(Checkpoint, toDisk: false);
        }
    }

    public void Dispose()
    {
        try
        {
            // A write that fails before there is a way on leaves nothing to go on with; one that fails at the very end leaves the checkpoint before it.
            if (_isToBeKept && Checkpoint.Continuation is not null)
            {
                // Also through a loss of power: first the records, then what tells of them.
                _file.Flush(flushToDisk: true);
                _checkpoints.Save(Checkpoint, toDisk: true);
            }
        }
        finally
        {
            _file.Dispose();
            _hash.Dispose();
        }
    }

    private void Complete()
    {
        _file.Flush(flushToDisk: true);
        _checkpoints.Delete();
        (IsComplete, _isToBeKept) = (true, false);
    }

    private void Render<T>(IReadOnlyList<T> records, JsonTypeInfo<T> shape)
    {
        _page.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_page, Compact);
        foreach (T record in records)
        {
            JsonSerializer.Serialize(writer, record, shape);
            writer.Flush();
            writer.Reset();
            _page.Write("\n"u8);
        }
    }

    private static IncrementalHash? HashOfBeginning(FileStream file, Checkpoint checkpoint)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        long left = checkpoint.Bytes;
        while (left > 0 && file.Read(buffer, 0, (int)Math.Min(left, buffer.Length)) is > 0 and int read)
        {
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        if (left == 0 && Convert.ToHexStringLower(hash.GetCurrentHash()) == checkpoint.Sha256)
        {
            return hash;
        }

        hash.Dispose();
        return null;
    }
}
