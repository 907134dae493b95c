using System.Globalization;
using System.Reflection;
using Xunit;
using static Async.Toolkit.Tests.Conventions.PublicSurface;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>What the documentation says of ranges is true of every call and of every option, without a list that somebody would have to keep.</summary>
public sealed class RangeArgumentTests
{
    private static readonly string[] Namespaces = ["Async.Toolkit", "Async.Toolkit.Diagnostics"];

    [Fact]
    public async Task What_is_out_of_range_is_refused_by_name_and_value_before_anything_starts()
    {
        await using TaskGroup group = TaskGroup.Open();
        Dictionary<Type, object> homes = await SampleCalls.HomesAsync(group);
        (MethodBase Call, ParameterInfo Parameter, object Bad)[] cases =
        [
            .. from call in Calls
               where Namespaces.Contains(call.DeclaringType!.Namespace)
               from parameter in call.GetParameters()
               where !IsCallerInformation(parameter)
               from bad in BadValues(parameter.ParameterType, XmlDocumentation.Text(call, "param", parameter.Name))
               select (call, parameter, bad)
        ];
        Assert.True(cases.Length > 60, $"{cases.Length} cases");
        Offences.AssertNone(from one in cases
                            let offence = Offence(SampleCalls.Thrown(one.Call, one.Parameter, one.Bad, homes), one.Parameter.Name!, one.Bad)
                            where offence is not null
                            select $"{DocumentationId.Of(one.Call)}: {one.Parameter.Name} = {one.Bad} gives {offence}");
    }

    [Fact]
    public void An_option_that_is_out_of_range_is_refused_by_name_and_value()
    {
        (PropertyInfo Option, object Bad)[] cases =
        [
            .. from option in Options
               where Namespaces.Contains(option.DeclaringType!.Namespace)
               from bad in BadValues(option.PropertyType, XmlDocumentation.Text(option, "value"))
               select (option, bad)
        ];
        Assert.True(cases.Length > 10, $"{cases.Length} cases");
        Offences.AssertNone(from one in cases
                            let offence = Offence(Thrown(one.Option, one.Bad), one.Option.Name, one.Bad)
                            where offence is not null
                            select $"{NameOf(one.Option)} = {one.Bad} gives {offence}");
    }

    private static IEnumerable<object> BadValues(Type type, string documentation)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int))
        {
            yield return -3;
            if (documentation.Contains("rom 1", StringComparison.Ordinal))
            {
                yield return 0;
            }
        }
        else if (type == typeof(TimeSpan))
        {
            yield return TimeSpan.FromSeconds(-3);
            if (documentation.Contains("More than zero", StringComparison.Ordinal))
            {
                yield return TimeSpan.Zero;
            }
        }
        else if (type.IsEnum)
        {
            yield return Enum.ToObject(type, 99);
        }
    }

    private static string? Offence(Exception? thrown, string name, object bad)
    {
        if (thrown is not ArgumentOutOfRangeException refused || refused.ParamName != name || !Equals(refused.ActualValue, bad))
        {
            return thrown?.ToString() ?? "nothing";
        }

        string end = string.Create(CultureInfo.InvariantCulture, $" (Parameter '{name}'){Environment.NewLine}Actual value was {bad}.");
        return Sentences(name, bad).Any(sentence => refused.Message == sentence + end) ? null : refused.Message;
    }

    private static string[] Sentences(string name, object bad) => bad switch
    {
        int =>
        [
            $"{name} must be at least 1.",
            $"{name} ('{bad}') must be a non-negative value.",
            "A semaphore needs at least 1 permit.",
            "The number of permits must be from 1 to 1, which is all that the semaphore has.",
        ],
        TimeSpan => [$"{name} must not be negative, except for Timeout.InfiniteTimeSpan.", $"{name} must be more than zero, or Timeout.InfiniteTimeSpan."],
        _ => [$"{name} must be one of {string.Join(", ", Enum.GetNames(bad.GetType()))}."],
    };

    private static Exception? Thrown(PropertyInfo option, object bad)
    {
        Type type = option.DeclaringType!;
        object options = Activator.CreateInstance(type.IsGenericTypeDefinition ? type.MakeGenericType(typeof(int)) : type)!;
        try
        {
            options.GetType().GetProperty(option.Name)!.SetValue(options, bad);
            return null;
        }
        catch (TargetInvocationException thrown)
        {
            return thrown.InnerException;
        }
    }
}
