using System.Reflection;
using System.Xml.Linq;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>The documentation of the public surface as an editor shows it: with what it inherits.</summary>
internal static class XmlDocumentation
{
    private static readonly Dictionary<string, XElement> Members = PublicSurface.Libraries
        .SelectMany(static library => XDocument.Load(Path.ChangeExtension(library.Location, ".xml"), LoadOptions.PreserveWhitespace).Descendants("member"))
        .ToDictionary(static member => member.Attribute("name")!.Value);

    /// <summary>All elements of a member's documentation; none where it has none.</summary>
    public static IReadOnlyList<XElement> Of(MemberInfo member) => Of(DocumentationId.Of(member), BaseOf(member));

    /// <summary>The text of one element, with the names of what it refers to; empty where it is missing.</summary>
    public static string Text(MemberInfo member, string element, string? name = null) =>
        string.Concat(Of(member).Where(one => one.Name == element && (name is null || one.Attribute("name")?.Value == name)).Select(static one => one.ToString(SaveOptions.DisableFormatting)));

    /// <summary>What is said of one type of exception; empty where it is not mentioned.</summary>
    public static string Exception<T>(MemberInfo member)
        where T : Exception =>
        string.Concat(Of(member).Where(static one => one.Name == "exception" && one.Attribute("cref")?.Value == $"T:{typeof(T).FullName}").Select(static one => one.ToString(SaveOptions.DisableFormatting)));

    private static List<XElement> Of(string id, MemberInfo? inherited)
    {
        if (!Members.TryGetValue(id, out XElement? member))
        {
            return [];
        }

        List<XElement> own = [.. member.Elements().Where(static element => element.Name != "inheritdoc")];
        foreach (XElement inherit in member.Elements("inheritdoc"))
        {
            IEnumerable<XElement> more = inherit.Attribute("cref") is { } cref ? Of(cref.Value, null) : inherited is not null ? Of(inherited) : [];
            if (inherit.Attribute("path") is { } path)
            {
                more = more.Where(element => path.Value.TrimStart('/') == element.Name);
            }

            // What stands there itself takes the place of what is inherited.
            own.AddRange([.. more.Where(element => !own.Any(mine => IsSame(mine, element)))]);
        }

        return own;
    }

    private static bool IsSame(XElement one, XElement other) =>
        one.Name == other.Name && one.Attribute("name")?.Value == other.Attribute("name")?.Value && one.Attribute("cref")?.Value == other.Attribute("cref")?.Value;

    private static MethodInfo? BaseOf(MemberInfo member)
    {
        // Not by GetBaseDefinition: an override that gives a more special type is a definition of its own.
        if (member is not MethodInfo { IsVirtual: true } method || method.DeclaringType!.BaseType is not { } above)
        {
            return null;
        }

        Type home = above.IsGenericType ? above.GetGenericTypeDefinition() : above;
        string place = DocumentationId.Of(method).Replace(method.DeclaringType.Name, home.Name, StringComparison.Ordinal);
        return home.GetMethods(PublicSurface.Declared).FirstOrDefault(one => DocumentationId.Of(one) == place);
    }
}
