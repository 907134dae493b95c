using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Pages;

/// <summary>Everything that one sequence is set to; each enumeration starts from it.</summary>
internal sealed record PagePlan<T>(PageStyle<T> Style, CallerSite Site)
{
    public PageKey Start { get; init; } = Style.First;

    public int Prefetch { get; init; }

    public int Concurrency { get; init; } = 1;

    public int MaxPages { get; init; } = int.MaxValue;

    public bool AllowsRepeats { get; init; }

    public ILogger? Logger { get; init; }

    public ILoggerFactory? LoggerFactory { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger? EffectiveLogger => Loggers.Choose(Logger, LoggerFactory);
}
