using System.Text.Json.Serialization;

namespace Harvest.Catalogue;

[JsonConverter(typeof(JsonStringEnumConverter<TypeKind>))]
internal enum TypeKind
{
    Class,
    Struct,
    Interface,
    Enum,
    Delegate,
}
