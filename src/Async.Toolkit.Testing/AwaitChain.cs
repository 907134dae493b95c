using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Async.Toolkit.Testing;

/// <summary>What a task waits for, from method to method, read off the state machines that the compiler makes: for messages only.</summary>
internal static class AwaitChain
{
    private const int MostLines = 40;
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>One line for each step, the innermost last.</summary>
    public static IReadOnlyList<string> Of(Task task)
    {
        var lines = new List<string>();
        try
        {
            Describe(task, "", lines);
        }
        catch (Exception)
        {
            // The insides of the runtime are nobody's contract: what could be read of them is all there is.
        }

        return lines;
    }

    private static void Describe(object awaited, string indent, List<string> lines)
    {
        for (object? next = awaited; next is not null && lines.Count < MostLines;)
        {
            if (MachineOf(next) is not { } machine)
            {
                lines.Add(indent + AwaitedNames.Of(next));
                foreach (Task part in UnfinishedOf(next))
                {
                    Describe(part, indent + "  ", lines);
                }

                return;
            }

            lines.Add(indent + AwaitedNames.OfMethod(machine.GetType().Name, machine.GetType().DeclaringType));
            next = AwaitedBy(machine);
        }
    }

    // What Task.WhenAny and the like wait for themselves, as far as they remember it. (What every task has are those who wait for it.)
    private static IEnumerable<Task> UnfinishedOf(object awaited) =>
        awaited is Task && awaited.GetType() is var type && type != typeof(Task) && type.Namespace == typeof(Task).Namespace
            ? FieldsOf(awaited, BindingFlags.DeclaredOnly).Select(field => field.GetValue(awaited))
                .SelectMany(static value => value as IEnumerable<Task?> ?? [value as Task])
                .OfType<Task>().Where(static part => !part.IsCompleted)
            : [];

    // The box of an async method is a task whose type has the state machine as an argument, and a field for it; an async stream is its own.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What trimming has removed is missing in a message, nothing else.")]
    private static object? MachineOf(object task) =>
        task as IAsyncStateMachine ?? task.GetType().GetField("StateMachine", Fields)?.GetValue(task) as IAsyncStateMachine;

    // A suspended method keeps the awaiter of what it waits for; the others are cleared.
    private static object? AwaitedBy(object machine)
    {
        foreach (FieldInfo field in FieldsOf(machine))
        {
            if (field.Name.StartsWith("<>u__", StringComparison.Ordinal) && field.GetValue(machine) is { } awaiter && SourceOf(awaiter, depth: 0) is { } source)
            {
                return source;
            }
        }

        return null;
    }

    // The awaiters of tasks and value tasks, configured or not, hold the task or source in some field, at most three structs deep.
    private static object? SourceOf(object awaiter, int depth)
    {
        foreach (FieldInfo field in FieldsOf(awaiter))
        {
            object? value = field.GetValue(awaiter);
            if (value is not null && (!field.FieldType.IsValueType || value is Task))
            {
                return value;
            }

            if (value is not null && depth < 3 && field.FieldType is { IsPrimitive: false, IsEnum: false } && SourceOf(value, depth + 1) is { } source)
            {
                return source;
            }
        }

        return null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What trimming has removed is missing in a message, nothing else.")]
    private static FieldInfo[] FieldsOf(object holder, BindingFlags also = default) => holder.GetType().GetFields(Fields | also);
}
