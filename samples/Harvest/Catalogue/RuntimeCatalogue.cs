using System.Reflection;
using System.Runtime.InteropServices;

namespace Harvest.Catalogue;

/// <summary>The public types of the running .NET runtime, by namespace: real records that every machine has.</summary>
internal sealed class RuntimeCatalogue
{
    private readonly SortedDictionary<string, TypeRecord[]> _byNamespace;

    private RuntimeCatalogue(int assemblies, SortedDictionary<string, TypeRecord[]> byNamespace)
    {
        _byNamespace = byNamespace;
        AllTypes = [.. byNamespace.Values.SelectMany(types => types)];
        Summary = new RuntimeSummary(RuntimeInformation.FrameworkDescription, assemblies, byNamespace.Count, AllTypes.Length);
        Namespaces = [.. byNamespace.Select(entry => new NamespaceSummary(entry.Key, entry.Value.Length))];
    }

    public RuntimeSummary Summary { get; }

    public NamespaceSummary[] Namespaces { get; }

    /// <summary>Every record, by namespace and name.</summary>
    public TypeRecord[] AllTypes { get; }

    /// <summary>Reads the assemblies of the shared framework that this process runs on, as far as they can be loaded.</summary>
    public static RuntimeCatalogue Load()
    {
        var types = new List<Type>();
        int assemblies = 0;
        foreach (string file in Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll"))
        {
            try
            {
                var assembly = Assembly.Load(AssemblyName.GetAssemblyName(file));

                // A facade also exports the types that it forwards to another assembly: each belongs to one assembly only.
                types.AddRange(assembly.GetExportedTypes().Where(type => type.Assembly == assembly));
                assemblies++;
            }
            catch (Exception unloadable) when (unloadable is BadImageFormatException or IOException or TypeLoadException)
            {
                // A native library, or one that refers to something that this platform does not have.
            }
        }

        var byNamespace = types
            .GroupBy(type => type.Namespace ?? "(global)")
            .ToDictionary(group => group.Key, group => group.Select(Describe).OrderBy(record => record.FullName, StringComparer.Ordinal).ToArray());
        return new RuntimeCatalogue(assemblies, new SortedDictionary<string, TypeRecord[]>(byNamespace, StringComparer.Ordinal));
    }

    public TypeRecord[]? TypesOf(string @namespace) => _byNamespace.GetValueOrDefault(@namespace);

    private static TypeRecord Describe(Type type) => new(type.FullName!, KindOf(type), type.Assembly.GetName().Name!);

    private static TypeKind KindOf(Type type) => type switch
    {
        { IsInterface: true } => TypeKind.Interface,
        { IsEnum: true } => TypeKind.Enum,
        { IsValueType: true } => TypeKind.Struct,
        _ when type.IsSubclassOf(typeof(Delegate)) => TypeKind.Delegate,
        _ => TypeKind.Class,
    };
}
