namespace Async.Toolkit.Soak;

/// <summary>A failure that somebody has to get to see.</summary>
internal sealed class PlantedException(string where) : Exception(where);
