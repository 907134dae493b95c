using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Async.Toolkit.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static Async.Toolkit.Tests.Conventions.PublicSurface;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>Calls every public method and constructor with good values for all of its parameters but one.</summary>
internal static class SampleCalls
{
    /// <summary>What a call throws that gets <paramref name="bad"/> for one of its parameters and good values for all others.</summary>
    public static Exception? Thrown(MethodBase call, ParameterInfo wrong, object? bad, Dictionary<Type, object> homes)
    {
        object? home = null;
        if (!call.IsStatic && call is MethodInfo)
        {
            home = homes[call.DeclaringType!];
            call = home.GetType().GetMethods().Single(one => one.MetadataToken == call.MetadataToken && one.Module == call.Module);
        }

        if (call is MethodInfo { IsGenericMethodDefinition: true } generic)
        {
            call = generic.MakeGenericMethod([.. generic.GetGenericArguments().Select(static _ => typeof(int))]);
        }

        object?[] arguments = [.. call.GetParameters().Select(parameter => parameter.Position == wrong.Position ? bad : Sample(parameter.ParameterType))];
        try
        {
            _ = call is ConstructorInfo constructor ? constructor.Invoke(arguments) : call.Invoke(home, arguments);
            return null;
        }
        catch (TargetInvocationException thrown)
        {
            return thrown.InnerException;
        }
    }

    private static object? Sample(Type type) => type switch
    {
        _ when typeof(Delegate).IsAssignableFrom(type) => Idle(type),
        _ when type == typeof(string) => "",
        _ when type == typeof(int) => 1,
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(1),
        _ when type == typeof(GatherOptions) => new GatherOptions { MaxConcurrency = 1 },
        _ when IsOptions(type) => Activator.CreateInstance(type),
        _ when type == typeof(IEnumerable<int>) => new[] { 1 },
        _ when type == typeof(IAsyncEnumerable<int>) => AsyncEnumerable.Empty<int>(),
        _ when type == typeof(HttpClient) => new HttpClient(),
        _ when type == typeof(Uri) => new Uri("http://example.test/"),
        _ when type == typeof(JsonTypeInfo<int>) => JsonTypeInfo.CreateJsonTypeInfo<int>(JsonSerializerOptions.Default),
        _ when type == typeof(JsonTypeInfo<int[]>) => JsonTypeInfo.CreateJsonTypeInfo<int[]>(JsonSerializerOptions.Default),
        _ when typeof(ILogger).IsAssignableFrom(type) => NullLogger.Instance,
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };

    // Never called: a call that got so far would have started.
    private static Delegate Idle(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        return Expression.Lambda(type, Expression.Default(invoke.ReturnType), [.. invoke.GetParameters().Select(static one => Expression.Parameter(one.ParameterType))]).Compile();
    }

    /// <summary>Where methods that are not static can be called.</summary>
    public static async Task<Dictionary<Type, object>> HomesAsync(TaskGroup group)
    {
        EventLoop? loop = null;
        EventLoop.Run(_ => Task.FromResult(loop = EventLoop.Current));
        VirtualTime? time = null;
        await VirtualTime.RunAsync(now => Task.FromResult(time = now), TestContext.Current.CancellationToken);
        return new()
        {
            [typeof(TaskGroup)] = group,
            [typeof(EventLoop)] = loop!,
            [typeof(VirtualTime)] = time!,
            [typeof(AsyncTimeout)] = new AsyncTimeout(Timeout.InfiniteTimeSpan),
            [typeof(AsyncSemaphore)] = new AsyncSemaphore(1),
            [typeof(PageSequence<>)] = Paging.ByCursor<int>(static (_, _) => ValueTask.FromResult(default(CursorPage<int>))),
            [typeof(AddressablePageSequence<>)] = Paging.ByOffset<int>(1, static (_, _) => ValueTask.FromResult(default(CountedPage<int>))),
        };
    }
}
