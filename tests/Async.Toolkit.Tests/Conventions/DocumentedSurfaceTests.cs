using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;
using static Async.Toolkit.Tests.Conventions.PublicSurface;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>What the documentation of every public member has to say, whoever adds one.</summary>
public sealed partial class DocumentedSurfaceTests
{
    [Fact]
    public void Everything_public_has_a_summary() =>
        Offences.AssertNone(from member in Everything
                            where !Says(XmlDocumentation.Text(member, "summary"))
                            select DocumentationId.Of(member));

    [Fact]
    public void Every_parameter_is_described() =>
        Offences.AssertNone(from call in Calls
                            from parameter in call.GetParameters()
                            where !Says(XmlDocumentation.Text(call, "param", parameter.Name))
                            select $"{DocumentationId.Of(call)}: {parameter.Name}");

    [Fact]
    public void Every_type_parameter_is_described() =>
        Offences.AssertNone((from method in Methods
                             where method.IsGenericMethod
                             from parameter in method.GetGenericArguments()
                             where !Says(XmlDocumentation.Text(method, "typeparam", parameter.Name))
                             select $"{DocumentationId.Of(method)}: {parameter.Name}")
            .Concat(from type in Types
                    where type.IsGenericType && !type.IsNested
                    from parameter in type.GetGenericArguments()
                    where !Says(XmlDocumentation.Text(type, "typeparam", parameter.Name))
                    select $"{DocumentationId.Of(type)}: {parameter.Name}"));

    [Fact]
    public void Every_result_is_described() =>
        Offences.AssertNone(from method in Methods
                            where method.ReturnType != typeof(void) && !Says(XmlDocumentation.Text(method, "returns"))
                            select DocumentationId.Of(method));

    [Fact]
    public void What_must_not_be_null_says_so_by_its_exception() =>
        Offences.AssertNone(from call in Calls
                            where !typeof(Exception).IsAssignableFrom(call.DeclaringType)
                            from parameter in call.GetParameters()
                            where MustNotBeNull(parameter) && !Names<ArgumentNullException>(call, parameter)
                            select $"{DocumentationId.Of(call)}: {parameter.Name}");

    [Fact]
    public void Every_number_and_every_time_says_what_is_out_of_its_range() =>
        Offences.AssertNone(from call in Calls
                            from parameter in call.GetParameters()
                            where IsMeasure(parameter.ParameterType) && !IsCallerInformation(parameter) && !Names<ArgumentOutOfRangeException>(call, parameter)
                            select $"{DocumentationId.Of(call)}: {parameter.Name}");

    [Fact]
    public void Every_token_says_what_it_does() =>
        Offences.AssertNone(from call in Calls
                            from parameter in call.GetParameters()
                            where parameter.ParameterType == typeof(CancellationToken) && !WhatATokenDoes().IsMatch(Plain(XmlDocumentation.Text(call, "param", parameter.Name)))
                            select $"{DocumentationId.Of(call)}: {parameter.Name}");

    [Fact]
    public void Whatever_a_token_can_end_says_how_that_shows() =>
        Offences.AssertNone(from method in Methods
                            from parameter in method.GetParameters()
                            where parameter.ParameterType == typeof(CancellationToken)
                            where IsTask(method.ReturnType) || IsStream(method.ReturnType) || method.Name is "Run" or "GetAsyncEnumerator"
                            where !Names<OperationCanceledException>(method, parameter)
                            select DocumentationId.Of(method));

    [Fact]
    public void Every_option_states_its_true_default() =>
        Offences.AssertNone(from option in Options
                            let stated = XmlDocumentation.Text(option, "value")
                            let defaults = Default().Match(stated)
                            let truth = Truth(DefaultOf(option))
                            where !defaults.Success || !defaults.Value.Contains(truth, StringComparison.Ordinal)
                            select $"{NameOf(option)} says '{defaults.Value}', and it is {truth}");

    [Fact]
    public void Every_option_that_can_be_out_of_range_states_the_range_and_the_exception() =>
        Offences.AssertNone(from option in Options
                            where IsMeasure(option.PropertyType)
                            where !Range().IsMatch(XmlDocumentation.Text(option, "value")) || !Says(XmlDocumentation.Exception<ArgumentOutOfRangeException>(option))
                            select NameOf(option));

    [Fact]
    public void Every_option_that_must_not_be_null_or_unknown_states_the_exception() =>
        Offences.AssertNone(from option in Options
                            where (option.PropertyType.IsEnum && !Says(XmlDocumentation.Exception<ArgumentOutOfRangeException>(option)))
                                || (!option.PropertyType.IsValueType && new NullabilityInfoContext().Create(option).WriteState == NullabilityState.NotNull && !Says(XmlDocumentation.Exception<ArgumentNullException>(option)))
                            select NameOf(option));

    [Fact]
    public void No_reference_leads_to_what_users_cannot_see()
    {
        var visible = Everything.Select(DocumentationId.Of).ToHashSet();
        Offences.AssertNone(from member in Everything
                            from element in XmlDocumentation.Of(member).DescendantsAndSelf()
                            let cref = element.Attribute("cref")?.Value
                            where cref is not null && (cref.StartsWith('!') || (cref[2..].StartsWith("Async.Toolkit", StringComparison.Ordinal) && !visible.Contains(cref)))
                            select $"{DocumentationId.Of(member)}: {cref}");
    }

    [Fact]
    public void No_sentence_speaks_of_what_users_cannot_see()
    {
        // Names of one word are words of the language too.
        var hidden = Libraries.SelectMany(static library => library.GetTypes())
            .Where(static type => !type.IsVisible && TwoWords().IsMatch(type.Name))
            .Select(static type => type.Name.Split('`')[0])
            .ToHashSet();
        hidden.ExceptWith(Types.Select(static type => type.Name.Split('`')[0]));
        Offences.AssertNone(from member in Everything
                            from element in XmlDocumentation.Of(member)
                            from Match word in Word().Matches(element.Value)
                            where hidden.Contains(word.Value)
                            select $"{DocumentationId.Of(member)}: {word.Value}");
    }

    [Fact]
    public void The_look_at_the_documentation_sees_it()
    {
        // The other tests pass on an empty list: this one tells that they had something to look at, and that it is read as it is meant.
        MethodInfo inherits = typeof(Gather).GetMethods().Single(static method => method.Name == nameof(Gather.AllAsync)
            && method.GetParameters() is [{ ParameterType.Name: "IAsyncEnumerable`1" }, { Name: "maxConcurrency" }, { ParameterType: var selector }, _]
            && selector.GetGenericArguments()[2].GetGenericTypeDefinition() == typeof(Task<>));
        Assert.Contains("in the order of the source", XmlDocumentation.Text(inherits, "summary"), StringComparison.Ordinal);
        Assert.Contains("from 1", XmlDocumentation.Text(inherits, "param", "maxConcurrency"), StringComparison.Ordinal);
        Assert.True(Names<ArgumentNullException>(inherits, inherits.GetParameters()[0]));
        Assert.Contains(Options, static option => NameOf(option) == "TaskGroupOptions.Timeout");
        Assert.Contains(Options, static option => NameOf(option) == "VirtualTimeOptions.RealTimeLimit");
        Assert.Contains(Calls, static call => call.GetParameters().Any(MustNotBeNull));
    }

    private static bool Says(string documentation) => Letters().IsMatch(Plain(documentation));

    private static string Plain(string documentation) => Tag().Replace(documentation, "");

    private static bool Names<T>(MemberInfo member, ParameterInfo parameter)
        where T : Exception =>
        XmlDocumentation.Exception<T>(member).Contains($"<paramref name=\"{parameter.Name}\"", StringComparison.Ordinal);

    internal static bool MustNotBeNull(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType && !parameter.ParameterType.IsByRef && !parameter.ParameterType.IsGenericParameter && !IsCallerInformation(parameter)
        && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull;

    private static bool IsMeasure(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var plain && (plain == typeof(int) || plain == typeof(long) || plain == typeof(TimeSpan));

    private static object? DefaultOf(PropertyInfo option)
    {
        Type type = option.DeclaringType!;
        object options = Activator.CreateInstance(type.IsGenericTypeDefinition ? type.MakeGenericType(typeof(int)) : type)!;
        return options.GetType().GetProperty(option.Name)!.GetValue(options);
    }

    /// <summary>The default as it has to stand in the documentation.</summary>
    private static string Truth(object? value) => value switch
    {
        null => "langword=\"null\"",
        bool yes => $"langword=\"{(yes ? "true" : "false")}\"",
        string text => $"\"{text}\"",
        Enum choice => $"{choice.GetType().Name}.{choice}\"",
        TimeSpan time when time == Timeout.InfiniteTimeSpan => "Timeout.InfiniteTimeSpan\"",
        TimeSpan time => $"{time.TotalSeconds:0} seconds",
        DateTimeOffset time => $"{time:d MMMM yyyy}",
        TimeProvider provider when provider == TimeProvider.System => "TimeProvider.System\"",
        TimeZoneInfo zone when zone == TimeZoneInfo.Utc => "TimeZoneInfo.Utc\"",
        CancellationToken { CanBeCanceled: false } => "a token that is never canceled",
        _ => throw new ArgumentException($"Say here how the documentation has to put {value}.", nameof(value)),
    };

    // A reference is a word.
    [GeneratedRegex("<(?!see )[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\w{2}")]
    private static partial Regex Letters();

    [GeneratedRegex(@"\b\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex("^[A-Z][a-z0-9]+[A-Z][a-z]")]
    private static partial Regex TwoWords();

    [GeneratedRegex("[Cc]ancel|[Ee]nds")]
    private static partial Regex WhatATokenDoes();

    // Up to the end of the sentence, which a dot within a name is not.
    [GeneratedRegex(@"Default:?\s(?s:.)*?(?:[.:;,]\s|$)")]
    private static partial Regex Default();

    [GeneratedRegex(@"\b(?:From|More than)\b")]
    private static partial Regex Range();
}
