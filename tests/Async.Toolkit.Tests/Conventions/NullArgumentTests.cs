using System.Reflection;
using Xunit;
using static Async.Toolkit.Tests.Conventions.PublicSurface;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>What the documentation says of null is true of every call, without a list that somebody would have to keep.</summary>
public sealed class NullArgumentTests
{
    [Fact]
    public async Task Null_is_refused_by_name_before_anything_starts()
    {
        await using TaskGroup group = TaskGroup.Open();
        Dictionary<Type, object> homes = await SampleCalls.HomesAsync(group);
        (MethodBase Call, ParameterInfo Parameter)[] cases =
        [
            .. from call in Calls
               where !typeof(Exception).IsAssignableFrom(call.DeclaringType)
               from parameter in call.GetParameters()
               where DocumentedSurfaceTests.MustNotBeNull(parameter)
               select (call, parameter)
        ];
        Assert.True(cases.Length > 200, $"{cases.Length} cases");
        Offences.AssertNone(from one in cases
                            let thrown = SampleCalls.Thrown(one.Call, one.Parameter, null, homes)
                            where thrown is not ArgumentNullException wrong || wrong.ParamName != one.Parameter.Name
                            select $"{DocumentationId.Of(one.Call)}: {one.Parameter.Name} gives {thrown?.GetType().Name ?? "nothing"}");
    }
}
