using System.Text.Json;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads a container's <c>resources</c>.</summary>
internal static partial class ResourcesReader
{
    public static JsonElement? Read(ConfigurationSection section, JsonElement? value)
    {
        section.AllowOnly("requests", "limits");
        foreach (var name in new[] { "requests", "limits" })
        {
            var quantities = section.Section(name);
            foreach (var resource in quantities.Names)
            {
                var text = quantities.Value(resource) switch
                {
                    { ValueKind: JsonValueKind.String } quoted => quoted.GetString()!,
                    { ValueKind: JsonValueKind.Number } plain => plain.GetRawText(),
                    _ => "",
                };
                if (!IsQuantity(text))
                {
                    quantities.Error(resource, $"is '{text}', but must be a quantity such as 50m, 1 or 64Mi");
                }
            }
        }

        return value is { ValueKind: JsonValueKind.Object } ? value : null;
    }

    /// <summary>Whether the text is a quantity such as <c>64Mi</c>.</summary>
    public static bool IsQuantity(string text) => Quantity().IsMatch(text);

    // The format of Kubernetes' resource.Quantity, without a sign: no resource is negative.
    [GeneratedRegex(
        @"^([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quantity();
}
