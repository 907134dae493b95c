using System.CommandLine.Parsing;
using System.Globalization;

namespace Harvest.Command;

/// <summary>Checks of single values. The library's own messages name .NET types.</summary>
internal static class Values
{
    public static Action<OptionResult> WholeFrom(int least) => option =>
    {
        if (Given(option) is { } given && !(int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least))
        {
            option.AddError($"{option.Option.Name} must be a whole number from {least} up, not '{given}'");
        }
    };

    public static Action<OptionResult> Number(double least, double most, string meaning) => option =>
    {
        if (Given(option) is { } given
            && !(double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most))
        {
            option.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Option.Name} must be {meaning} from {least} to {most}, not '{given}'"));
        }
    };

    public static Action<OptionResult> OneOf(params string[] names) => option =>
    {
        if (Given(option) is { } given && !names.Contains(given))
        {
            option.AddError($"{option.Option.Name} must be {string.Join(", ", names.SkipLast(1))} or {names[^1]}, not '{given}'");
        }
    };

    public static void WebAddress(OptionResult option)
    {
        if (Given(option) is { } given && !(Uri.TryCreate(given, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)))
        {
            option.AddError($"{option.Option.Name} must be an http or https address, not '{given}'");
        }
    }

    public static void NotEmpty(OptionResult option)
    {
        if (Given(option) is { } given && string.IsNullOrWhiteSpace(given))
        {
            option.AddError($"{option.Option.Name} must not be empty");
        }
    }

    private static string? Given(OptionResult option) => option.Tokens is [{ Value: var given }] ? given : null;
}
