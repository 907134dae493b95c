using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Tests.Fakes;

internal sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags);

/// <summary>Listens to every instrument of the library while it exists.</summary>
internal sealed class MetricRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly ConcurrentQueue<Instrument> _instruments = new();

    public MetricRecorder()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ToolkitDiagnostics.MeterName)
            {
                _instruments.Enqueue(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyCollection<Instrument> Instruments => _instruments;

    public IReadOnlyCollection<Measured> All => _measured;

    /// <summary>Called with each measurement, on the thread that makes it.</summary>
    public Action<Measured>? OnMeasured { get; init; }

    /// <summary>What was measured for one group; for <see langword="null"/>, what belongs to none.</summary>
    public IReadOnlyList<Measured> Of(string instrument, string? group) =>
        [.. _measured.Where(one => one.Instrument == instrument && (string?)one.Tags.GetValueOrDefault("async_toolkit.group.name") == group)];

    /// <summary>Asks an instrument that is only read when somebody asks.</summary>
    public double Now(string instrument, string group)
    {
        _measured.Clear();
        _listener.RecordObservableInstruments();
        return Of(instrument, group).Sum(static one => one.Value);
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var measured = new Measured(instrument.Name, value, tags.ToArray().ToDictionary());
        _measured.Enqueue(measured);
        OnMeasured?.Invoke(measured);
    }
}
