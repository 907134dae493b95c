using System.Text.Encodings.Web;
using System.Text.Json;
using Async.Toolkit.Benchmarks.Strategies;

namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>All figures of one comparison, each round included, for other programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Render(CompareResult result)
    {
        CompareSettings settings = result.Settings;
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                result.At,
                result.Machine,
                settings.Items,
                Latency = settings.Latency.ToString(),
                Cpu = Duration.Show(settings.Cpu),
                settings.Concurrency,
                result.FailingItems,
                settings.Rounds,
                settings.Seed,
                Baseline = settings.Baseline.Name,
                Fastest = result.Fastest.Strategy.Name,
                Strategies = result.Strategies.Select(static one => new
                {
                    one.Strategy.Name,
                    one.Strategy.Title,
                    one.Strategy.KeepsLimit,
                    one.Milliseconds,
                    one.Ratio,
                    one.AllocatedBytes,
                    one.PeakLiveBytes,
                    one.MostInFlight,
                    one.Runs,
                    WhenItemsFail = one.Aftermath,
                }),
            },
            Layout);
    }
}
