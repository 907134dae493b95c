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
            Describe(task, lines);
        }
        catch (Exception)
        {
            // The insides of the runtime are nobody's contract: what could be read of them is all there is.
        }

        return lines;
    }

    private static void Describe(object awaited, List<string> lines)
    {
        for (object? next = awaited; next is not null && lines.Count < MostLines;)
        {
            object? machine = MachineOf(next);
            lines.Add(machine is null ? NameOf(next) : MethodOf(machine.GetType()));
            next = machine is null ? null : AwaitedBy(machine);
        }
    }

    // The box of an async method is a task whose type has the state machine as an argument, and a field for it.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What trimming has removed is missing in a message, nothing else.")]
    private static object? MachineOf(object task) =>
        task.GetType().GetField("StateMachine", Fields)?.GetValue(task) as IAsyncStateMachine;

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
    private static FieldInfo[] FieldsOf(object holder) => holder.GetType().GetFields(Fields);

    private static string NameOf(object awaited)
    {
        Type type = awaited.GetType();
        if (awaited is Task { IsCompleted: true })
        {
            return "a task that has ended";
        }

        if (type.Name.StartsWith("WhenAll", StringComparison.Ordinal))
        {
            return "Task.WhenAll";
        }

        // A plain task that is no method's: somebody has to complete it by hand.
        bool isPlain = type == typeof(Task) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>));
        return isPlain ? "a task that nobody has completed (TaskCompletionSource)" : $"{type.Namespace}.{ReadableName(type)}";
    }

    private static string MethodOf(Type machine)
    {
        // "<Method>d__1", "<<Method>b__0>d" for a lambda, "<<Method>g__Local|0>d" for a local function.
        string name = machine.Name;
        Type? owner = machine.DeclaringType;
        while (owner is not null && owner.Name.StartsWith('<') && owner.DeclaringType is { } outer)
        {
            owner = outer;
        }

        string method = name.Trim('<').Split('>')[0];
        int local = name.IndexOf("g__", StringComparison.Ordinal);
        string what = local >= 0
            ? $"{method}.{name[(local + 3)..].Split('|')[0]}"
            : name.StartsWith("<<", StringComparison.Ordinal) ? $"{method}, in a lambda" : method;
        return $"{(owner is null ? "" : ReadableName(owner) + ".")}{what}";
    }

    private static string ReadableName(Type type)
    {
        string name = type.Name.Split('`')[0];
        return type.DeclaringType is { } outer ? $"{ReadableName(outer)}.{name}" : name;
    }
}
