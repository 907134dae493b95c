using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Async.Toolkit.Testing;

/// <summary>Names for what a body waits for, in the words of who wrote it.</summary>
internal static class AwaitedNames
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int DeepestTimer = 3;

    // The beginnings of the names of the types behind them.
    private static readonly (string Type, string Name)[] Known =
    [
        ("WhenAll", "Task.WhenAll"),
        ("TwoTaskWhenAny", "Task.WhenAny"),
        ("CompleteOnInvoke", "Task.WhenAny"),
        ("Unwrap", "a task within a task (Task.Run of an async method, Unwrap)"),
        ("DelayPromise", "Task.Delay"),
        ("CancellationPromise", "Task.WaitAsync"),
        ("TaskNode", "SemaphoreSlim.WaitAsync"),
    ];

    public static string Of(object awaited)
    {
        Type type = awaited.GetType();
        if (awaited is Task task)
        {
            if (task.IsCompleted)
            {
                return "a task that has ended";
            }

            if (task.AsyncState is VirtualWait wait)
            {
                return wait.Name + Clock(wait);
            }

            // A plain task that is no method's: somebody has to complete it by hand.
            if (type == typeof(Task) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)))
            {
                return "a task that nobody has completed (TaskCompletionSource)";
            }
        }

        string? known = awaited is Task ? Known.FirstOrDefault(known => type.Name.StartsWith(known.Type, StringComparison.Ordinal)).Name
            : type.DeclaringType == typeof(PeriodicTimer) ? "PeriodicTimer.WaitForNextTickAsync" : null;
        return (known ?? $"{type.Namespace}.{ReadableName(type)}") + Clock(awaited);
    }

    /// <summary>"&lt;Method&gt;d__1", "&lt;&lt;Method&gt;b__0&gt;d" for a lambda, "&lt;&lt;Method&gt;g__Local|0&gt;d" for a local function.</summary>
    public static string OfMethod(string name, Type? owner)
    {
        while (owner is not null && owner.Name.StartsWith('<') && owner.DeclaringType is { } outer)
        {
            owner = outer;
        }

        string method = name.Trim('<').Split('>')[0];
        int local = name.IndexOf("g__", StringComparison.Ordinal);
        string what = local >= 0 ? $"{method}.{name[(local + 3)..].Split('|')[0]}"
            : name.Contains(">b__", StringComparison.Ordinal) ? $"{method}, in a lambda" : method;
        return $"{(owner is null ? "" : ReadableName(owner) + ".")}{what}";
    }

    private static string ReadableName(Type type)
    {
        string name = type.Name.Split('`')[0];
        return type.DeclaringType is { } outer ? $"{ReadableName(outer)}.{name}" : name;
    }

    // In a test on virtual time that is nearly always a clock that somebody forgot to pass.
    private static string Clock(object awaited) =>
        TimerOf(awaited, depth: 0) is { } timer && timer.GetType().Assembly == typeof(object).Assembly
            ? ", on a timer of the system's clock: was time.Provider passed?"
            : "";

    // Its own, that of the PeriodicTimer that it belongs to, or that of the source whose token it waits for as well.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What trimming has removed is missing in a message, nothing else.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What trimming has removed is missing in a message, nothing else.")]
    private static ITimer? TimerOf(object holder, int depth)
    {
        for (Type? type = holder.GetType(); type is not null && type != typeof(Task); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(OwnFields))
            {
                ITimer? timer = field.GetValue(holder) switch
                {
                    ITimer found => found,
                    CancellationTokenRegistration registration when depth < DeepestTimer => TimerOf(registration.Token, depth + 1),
                    CancellationTokenSource or PeriodicTimer when depth < DeepestTimer => TimerOf(field.GetValue(holder)!, depth + 1),
                    _ => null,
                };
                if (timer is not null)
                {
                    return timer;
                }
            }
        }

        return null;
    }
}
