using System.Diagnostics;
using Async.Toolkit;
using Harvest.Client;
using Harvest.Output;

namespace Harvest.Runs;

/// <summary>A harvest into a file, which can be interrupted and gone on with.</summary>
internal sealed class FileRun<T>(string path, bool resumes, RecordSource<T> source, IProgressDisplay display)
{
    /// <summary>Writes every record that is not there yet, and tells what was done.</summary>
    /// <exception cref="ResumeException">The file is not one that this run can write; it has not been touched.</exception>
    public async Task RunAsync(string title, CancellationToken cancellationToken)
    {
        using RecordFile file = resumes ? RecordFile.Resume(path, source.Name) : RecordFile.Begin(path, source.Name);
        PageSequence<T> rest = RestOf(file);
        long before = file.Checkpoint.Records;
        if (before > 0)
        {
            Console.WriteLine($"{path} holds {before:N0} records already");
        }

        var watch = Stopwatch.StartNew();
        try
        {
            await display.ShowAsync(title, tally => WriteAsync(rest, file, tally, cancellationToken));
        }
        catch (Exception) when (!file.IsComplete)
        {
            Console.WriteLine(file.Checkpoint.Continuation is null
                ? "stopped before the first page was written"
                : $"stopped behind {file.Checkpoint.Records:N0} records; the same command with --resume goes on there");
            throw;
        }

        Console.WriteLine($"{title}  {watch.Elapsed.TotalSeconds:F2} s  {file.Checkpoint.Records - before:N0} records written, {file.Checkpoint.Records:N0} in {path}");
    }

    private PageSequence<T> RestOf(RecordFile file)
    {
        try
        {
            return source.Behind(file.Checkpoint.Continuation);
        }
        catch (Exception refused) when (refused is ArgumentException or UriFormatException)
        {
            throw new ResumeException($"the continuation beside {Path.GetFileName(path)} is broken: {refused.Message}");
        }
    }

    private async Task<long> WriteAsync(PageSequence<T> rest, RecordFile file, HarvestTally tally, CancellationToken cancellationToken)
    {
        tally.Expect(source.Expected ?? 0);
        tally.Add(file.Checkpoint.Records);
        await foreach (Page<T> page in rest.Pages().WithCancellation(cancellationToken))
        {
            // A page is written whole or not at all, so a cancellation waits for it.
            file.Append(page.Items, source.Shape, source.ToSaved(page.Continuation));
            tally.Add(page.Items.Count);
        }

        return tally.Records;
    }
}
