namespace Async.Toolkit.Diagnostics;

/// <summary>What a time limit is for.</summary>
internal enum DeadlineKind : byte
{
    Group,
    Item,
    Operation,
}
