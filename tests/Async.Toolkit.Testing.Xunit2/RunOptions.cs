using Xunit.Abstractions;

namespace Async.Toolkit.Testing.Xunit2;

/// <summary>What the engine is told, by name.</summary>
internal sealed class RunOptions : Xunit.LongLivedMarshalByRefObject, ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
{
    private readonly Dictionary<string, object?> _values = [];

    public TValue GetValue<TValue>(string name) => _values.GetValueOrDefault(name) is TValue value ? value : default!;

    public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
}
