namespace Async.Toolkit.Internal;

/// <summary>Stands for "no value" where a generic part needs a type.</summary>
internal readonly struct Unit;
