using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Async.Toolkit.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>The tree of a whole program, line by line. Here, where nothing else runs in the process.</summary>
public sealed partial class DrawnTreeTests(ITestOutputHelper output) : IDisposable
{
    private static readonly CursorPage<int> FirstPage = new([1, 2], "next");

    private readonly FakeTimeProvider _clock = new();
    private readonly Gate _release = new();
    private readonly AsyncSemaphore _printer = new(1);

    [Fact]
    public async Task The_tree_of_a_program_reads_as_approved()
    {
        using IDisposable on = TaskTree.Enable();
        var allThere = new Gate();
        Task shop = TaskGroup.RunAsync(Named("shop", maxConcurrency: 5), group => RunShopAsync(group, allThere));
        await allThere.Reached();
        var stopped = new Gate();
        Task stubborn = TaskGroup.RunAsync(Named("night shift"), async group =>
        {
            var started = new Gate();
            group.Start(new ChildOptions { Name = "ignores\nthe \u001b[31mbell" }, _ => StartAsync(started));
            await started.Opened;
            group.Cancel();
            stopped.Open();
        });
        await stopped.Reached();
        _clock.Advance(TimeSpan.FromSeconds(61));

        TaskTreeSnapshot tree = TaskTree.Capture();
        string drawn = WithIdsInOrder(tree.ToString());
        _release.Open();
        await shop.Guarded();
        await stubborn.Guarded();

        output.WriteLine(drawn);
        Assert.Equal(Approved(), drawn, ignoreLineEndingDifferences: true);
        Assert.Contains(@"""ignores\\nthe \\u001b[31mbell""", tree.ToJson(), StringComparison.Ordinal);
        Assert.Equal("0 nodes\n", TaskTree.Capture().ToString());
    }

    public void Dispose() => _printer.Dispose();

    private TaskGroupOptions Named(string name, int? maxConcurrency = null) => new() { Name = name, MaxConcurrency = maxConcurrency, TimeProvider = _clock };

    // One step after another, a second between them, so that the order and every age are the same each time.
    private async Task RunShopAsync(TaskGroup shop, Gate allThere)
    {
        var inner = new Gate();
        shop.Start(ct => OpenDepartmentAsync(inner, ct));
        await inner.Opened;
        _clock.Advance(TimeSpan.FromSeconds(1));

        var printing = new Gate();
        shop.Start(ct => PrintAsync("invoice", printing, ct));
        await printing.Opened;
        _clock.Advance(TimeSpan.FromSeconds(1));

        shop.Start(ct => PrintAsync("receipt", printing, ct));
        await UntilAsync(() => _printer.WaitingCount == 1);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var pricing = new Gate(3);
        shop.Start(ct => Gather.ForEachAsync(
            Enumerable.Range(0, 1000),
            new GatherOptions { Name = "prices", MaxConcurrency = 3, TimeProvider = _clock },
            (item, token) => PriceAsync(item, pricing),
            ct));
        await pricing.Opened;
        _clock.Advance(TimeSpan.FromSeconds(1));

        var paging = new Gate();
        shop.Start(async ct =>
        {
            await foreach (int _ in Paging.ByCursor((cursor, token) => FetchAsync(cursor, paging)).WithCancellation(ct))
            {
            }
        });
        await paging.Opened;
        shop.Start(_ => ValueTask.CompletedTask);
        allThere.Open();
    }

    private Task OpenDepartmentAsync(Gate inner, CancellationToken cancellationToken) =>
        TaskGroup.RunAsync(
            Named("department"),
            async group =>
            {
                await Task.Yield();
                group.Start(_ => StartAsync(inner));
                await _release.Opened;
            },
            cancellationToken);

    private Task StartAsync(Gate started)
    {
        started.Open();
        return _release.Opened;
    }

    private async Task PrintAsync(string what, Gate printing, CancellationToken cancellationToken)
    {
        using (await _printer.AcquireAsync(cancellationToken))
        {
            if (what == "invoice")
            {
                await StartAsync(printing);
            }
        }
    }

    private async ValueTask PriceAsync(int item, Gate pricing)
    {
        if (item is >= 500 and < 503)
        {
            await StartAsync(pricing);
        }
    }

    private async ValueTask<CursorPage<int>> FetchAsync(string? cursor, Gate paging)
    {
        if (cursor is null)
        {
            return FirstPage;
        }

        await StartAsync(paging);
        return new CursorPage<int>([], null);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    // Which numbers they are depends on what ran before and on how many processors there are.
    private static string WithIdsInOrder(string drawn)
    {
        var order = new Dictionary<string, int>();
        string text = Id().Replace(drawn, match =>
        {
            order.TryAdd(match.Groups["id"].Value, order.Count + 1);
            return string.Create(CultureInfo.InvariantCulture, $"#{order[match.Groups["id"].Value]}");
        });

        // The age of a loop over pages is of the system's clock.
        return PagesAge().Replace(text, "${pages}, T");
    }

    private static string Approved()
    {
        Assembly tests = typeof(DrawnTreeTests).Assembly;
        string name = Assert.Single(tests.GetManifestResourceNames(), static name => name.EndsWith("TaskTree.approved.txt", StringComparison.Ordinal));
        using var reader = new StreamReader(tests.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"#(?<id>\d+)")]
    private static partial Regex Id();

    [GeneratedRegex(@"(?<pages>pages '[^\n]*?\)), \d+\.\d s")]
    private static partial Regex PagesAge();
}
