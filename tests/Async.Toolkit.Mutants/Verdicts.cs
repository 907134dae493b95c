using System.Text.Json;

namespace Async.Toolkit.Mutants;

/// <summary>The verdicts that can be trusted, in a file that grows with the run: one a line, of which the last about a mutant holds.</summary>
internal sealed class Verdicts : IDisposable
{
    private readonly Dictionary<int, Fate> _fates = [];
    private readonly StreamWriter _file;

    public Verdicts(string path)
    {
        string text = File.Exists(path) ? File.ReadAllText(path) : "";

        // A line without its end was torn when the program was killed.
        string[] whole = text.Split('\n')[..^1];
        foreach (string line in whole)
        {
            Set(JsonSerializer.Deserialize<Verdict>(line)!);
        }

        if (!text.EndsWith('\n') && text.Length > 0)
        {
            Whole.File(path, string.Concat(whole.Select(static line => line + '\n')));
        }

        _file = File.AppendText(path);
    }

    public Fate? this[Mutant mutant] => _fates.TryGetValue(mutant.Id, out Fate fate) ? fate : null;

    public void Keep(IReadOnlyCollection<Verdict> some)
    {
        lock (_file)
        {
            foreach (Verdict verdict in some)
            {
                Set(verdict);
                _file.Write(JsonSerializer.Serialize(verdict) + '\n');
            }

            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();

    private void Set(Verdict verdict) => _fates[verdict.Id] = verdict.Fate;
}
