using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;
using static Async.Toolkit.Tests.Conventions.PublicSurface;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>What holds for every public type and member of the library, whoever adds one.</summary>
public sealed class SurfaceConventionTests
{
    private static readonly string[] Namespaces = ["Async.Toolkit", "Async.Toolkit.Diagnostics", "Async.Toolkit.Testing"];

    // The one gives a child's task as a handle, while the group does the waiting; the other stands where Task.Delay would, and is called as it is.
    private static readonly string[] Handles = ["TaskGroup.Run", "VirtualTime.Delay"];

    // Made with "new" as it stands, and the base of its version for one type of items; nothing of it can be overridden from outside.
    private static readonly Type[] Bases = [typeof(GatherOptions)];

    [Fact]
    public void Public_types_live_in_the_few_namespaces_that_users_import() =>
        Offences.AssertNone(Types.Where(static type => !Namespaces.Contains(type.Namespace)).Select(static type => type.FullName!));

    [Fact]
    public void Nobody_outside_can_derive_from_a_public_class() =>
        Offences.AssertNone(from type in Types
                            where type.IsClass && !type.IsSealed && !Bases.Contains(type)
                            where type.GetConstructors(Declared).Any(static made => made.IsPublic || made.IsFamily || made.IsFamilyOrAssembly)
                            select type.FullName!);

    [Fact]
    public void A_method_that_gives_a_task_ends_in_Async() =>
        Offences.AssertNone(from method in Methods
                            where IsTask(method.ReturnType) && !method.Name.EndsWith("Async", StringComparison.Ordinal) && !Handles.Contains(NameOf(method))
                            select NameOf(method));

    [Fact]
    public void A_method_that_ends_in_Async_gives_a_task_or_a_stream() =>
        Offences.AssertNone(from method in Methods
                            where method.Name.EndsWith("Async", StringComparison.Ordinal) && !IsTask(method.ReturnType) && !IsStream(method.ReturnType)
                            select NameOf(method));

    [Fact]
    public void The_token_stands_last_and_is_optional() =>
        Offences.AssertNone(from method in Methods
                            from parameter in method.GetParameters()
                            where parameter.ParameterType == typeof(CancellationToken)
                            where !parameter.IsOptional || parameter.Position != method.GetParameters().Length - 1 || parameter.Name != "cancellationToken"
                            select $"{NameOf(method)}: {parameter.Name}");

    [Fact]
    public void Options_stand_first_or_behind_the_source_of_the_items() =>
        Offences.AssertNone(from method in Methods
                            from parameter in method.GetParameters()
                            where IsOptions(parameter.ParameterType) && parameter.Position > (method.IsDefined(typeof(ExtensionAttribute)) || method.GetParameters()[0].Name == "source" ? 1 : 0)
                            select $"{NameOf(method)}: {parameter.Name}");

    [Fact]
    public void Options_are_set_once_and_never_change() =>
        Offences.AssertNone(from type in Types
                            where IsOptions(type)
                            from property in type.GetProperties(Declared)
                            where property.SetMethod is { IsPublic: true } setter
                               && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
                            select $"{type.Name}.{property.Name}");

    [Fact]
    public void No_public_field_can_be_written() =>
        Offences.AssertNone(from type in Types
                            where !type.IsEnum
                            from field in type.GetFields(Declared)
                            where field.IsPublic && !field.IsInitOnly && !field.IsLiteral
                            select $"{type.Name}.{field.Name}");

    [Fact]
    public void Every_parameter_says_whether_null_is_welcome() =>
        Offences.AssertNone(from method in Methods
                            from parameter in method.GetParameters()
                            where !parameter.ParameterType.IsValueType && !parameter.ParameterType.IsGenericParameter && !parameter.IsOptional
                            where new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Unknown
                            select $"{NameOf(method)}: {parameter.Name}");

    [Fact]
    public void The_look_at_the_surface_sees_it()
    {
        // The other tests pass on an empty list: this one tells that they had something to look at.
        Assert.Contains(typeof(TaskGroupOptions), Types);
        Assert.Contains(Methods, static method => NameOf(method) == "TaskGroup.RunAsync" && method.GetParameters()[^1].ParameterType == typeof(CancellationToken));
        Assert.Contains(Methods, static method => NameOf(method) == "TaskGroup.Run" && IsTask(method.ReturnType));
    }
}
