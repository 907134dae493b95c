using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>A child as it is shown to people: in warnings and in the task tree.</summary>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Work">What it does, unless that is a plain delegate.</param>
/// <param name="Live">Its number and its beginning, if it is followed.</param>
internal readonly record struct RunningChild(ChildOrigin Origin, IChildWork? Work, LiveChild? Live)
{
    public string Name => Work?.Label ?? Origin.Site.Name;

    /// <summary>The file of the call that started it; <see langword="null"/> where it is not the place of that call that names it.</summary>
    public string? File => Work?.Label is null && Origin.Site.File.Length > 0 ? Origin.Site.File : null;

    public int Line => File is null ? 0 : Origin.Site.Line;

    public override string ToString() => SourceText.Place(Name, File, Line);
}
