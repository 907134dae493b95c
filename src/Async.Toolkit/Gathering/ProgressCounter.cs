namespace Async.Toolkit.Gathering;

/// <summary>
/// Counts items and reports: one report at a time, each newer than the one before, the last one with the final numbers. A worker that ends an
/// item while a report is under way leaves its news to the reporting one.
/// </summary>
internal sealed class ProgressCounter(IProgress<GatherProgress> listener, Action<Exception> onThrown)
{
    private readonly Lock _gate = new();
    private GatherProgress _now;
    private bool _reporting;
    private bool _news;

    public void Started(long? total) => Report(new GatherProgress(1, 0, 0, total));

    public void Succeeded() => Report(new GatherProgress(0, 1, 0, null));

    public void Failed() => Report(new GatherProgress(0, 0, 1, null));

    private void Report(GatherProgress change)
    {
        GatherProgress report;
        lock (_gate)
        {
            _now = new GatherProgress(_now.Started + change.Started, _now.Succeeded + change.Succeeded, _now.Failed + change.Failed, change.Total ?? _now.Total);
            if (_reporting)
            {
                _news = true;
                return;
            }

            _reporting = true;
            report = _now;
        }

        do
        {
            try
            {
                listener.Report(report);
            }
            catch (Exception thrown)
            {
                // Whoever looks on has no say in the work.
                onThrown(thrown);
            }
        }
        while (HasNews(out report));
    }

    private bool HasNews(out GatherProgress report)
    {
        lock (_gate)
        {
            report = _now;
            _reporting = _news;
            _news = false;
            return _reporting;
        }
    }
}
