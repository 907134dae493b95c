using System.Reflection;
using System.Runtime.CompilerServices;
using Async.Toolkit.Testing;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>What the packages show to those who use them.</summary>
internal static class PublicSurface
{
    public const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static Assembly[] Libraries { get; } = [typeof(TaskGroup).Assembly, typeof(VirtualTime).Assembly];

    public static Type[] Types { get; } = [.. Libraries.SelectMany(static library => library.GetExportedTypes())];

    /// <summary>Not the compiler's own: accessors, operators, and what a record gets for free are bound to other rules.</summary>
    public static MethodInfo[] Methods { get; } =
    [
        .. from type in Types
           where !typeof(Delegate).IsAssignableFrom(type)
           from method in type.GetMethods(Declared)
           where IsVisible(method) && !method.IsSpecialName && !IsMadeByTheCompiler(method)
           select method
    ];

    public static ConstructorInfo[] Constructors { get; } =
    [
        .. from type in Types
           from constructor in type.GetConstructors(Declared)
           where IsVisible(constructor) && !IsMadeByTheCompiler(constructor) && !IsImplicit(constructor)
           select constructor
    ];

    public static PropertyInfo[] Properties { get; } =
    [
        .. from type in Types
           from property in type.GetProperties(Declared)
           where property.GetAccessors(nonPublic: true).Any(IsVisible)
           select property
    ];

    public static FieldInfo[] Fields { get; } =
    [
        .. from type in Types
           from field in type.GetFields(Declared)
           where (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName
           select field
    ];

    public static IEnumerable<MethodBase> Calls => [.. Methods, .. Constructors];

    public static IEnumerable<MemberInfo> Everything => [.. Types, .. Calls, .. Properties, .. Fields];

    public static PropertyInfo[] Options { get; } = [.. Properties.Where(static property => IsOptions(property.DeclaringType!))];

    public static string NameOf(MemberInfo member) => member is Type type ? type.Name : $"{member.DeclaringType!.Name}.{member.Name}";

    public static bool IsOptions(Type type) => type.Name.Split('`')[0].EndsWith("Options", StringComparison.Ordinal) && Libraries.Contains(type.Assembly);

    public static bool IsTask(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    public static bool IsStream(Type type) =>
        type.GetInterfaces().Append(type).Any(static one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    /// <summary>Filled in by the compiler where the caller gives nothing.</summary>
    public static bool IsCallerInformation(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(CallerArgumentExpressionAttribute)) || parameter.IsDefined(typeof(CallerFilePathAttribute)) || parameter.IsDefined(typeof(CallerLineNumberAttribute));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsMadeByTheCompiler(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute));

    // The source says nothing of it, so it can say nothing about it: the constructor of a class that has none, and that of a record's header.
    private static bool IsImplicit(ConstructorInfo constructor) =>
        (constructor.GetParameters().Length == 0 && !typeof(Exception).IsAssignableFrom(constructor.DeclaringType)) || constructor.DeclaringType!.GetMethod("Deconstruct") is not null;
}
