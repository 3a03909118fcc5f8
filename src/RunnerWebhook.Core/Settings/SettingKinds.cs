using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using static RunnerWebhook.Core.Settings.SchemaNode;

namespace RunnerWebhook.Core.Settings;

/// <summary>The kinds of values in the configuration.</summary>
internal static partial class SettingKinds
{
    /// <summary>The pattern of a name of Kubernetes that is one label.</summary>
    public const string LabelPattern = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";

    private const string QuantityPattern = @"^([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$";

    public static SettingKind<bool> Flag { get; } = new("true or false", () => Typed("boolean"),
        (node, unset) => node.Value is { ValueKind: JsonValueKind.True or JsonValueKind.False } value
            ? value.GetBoolean() : node.Fail($"must be true or false, but is {node.TypeName}", unset),
        value => value)
    {
        FromText = text => text is "true" or "false" ? (JsonNode)(text == "true") : null,
    };

    public static SettingKind<string> AnyText { get; } = Text("a text", null, _ => true);

    /// <summary>The name of a container or a volume.</summary>
    public static SettingKind<string> Label { get; } = Text(KubernetesName.LabelRule, LabelPattern, KubernetesName.IsLabel);

    /// <summary>The name of a Secret or a ConfigMap.</summary>
    public static SettingKind<string> Subdomain { get; } = Text(
        KubernetesName.SubdomainRule, "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$", KubernetesName.IsSubdomain);

    public static SettingKind<string> DataKey { get; } = Text(
        KubernetesName.DataKeyRule, "^[-._a-zA-Z0-9]{1,253}$", KubernetesName.IsDataKey);

    public static SettingKind<string> PathText { get; } = Text(AbsolutePath.Rule, "^/[^:]+$", AbsolutePath.IsValid);

    public static SettingKind<string> Image { get; } = Text("an image reference without spaces", @"^\S+$",
        text => text.Length > 0 && !text.Any(char.IsWhiteSpace));

    public static SettingKind<string> Size { get; } = Text("a quantity such as 20Gi, or empty", null,
        text => text.Length == 0 || IsQuantity(text));

    /// <summary>An http or https URL with a key in it.</summary>
    public static SettingKind<string> Dsn { get; } = Text("an http or https URL", "^https?://[!-~]+$",
        text => IsWebAddress(text) && text.All(char.IsAscii));

    /// <summary>Where a server listens.</summary>
    public static SettingKind<string> Address { get; } = Text(
        "an address with a port, such as :9252, 127.0.0.1:9252 or [::]:9252", @"^[-.:\[\]a-zA-Z0-9]*:[0-9]{1,5}$", IsAddress);

    public static SettingKind<string> Duration { get; } = Text("a duration such as 15m, 1.5h or 0",
        RegisterRule.Pattern(RegisterOptionKind.Duration), text => RegisterRule.Matches(RegisterOptionKind.Duration, text));

    /// <summary>A token: its digest is written, and no message repeats it, since it may be one with a typing error.</summary>
    public static SettingKind<string> Token { get; } = new("printable ASCII characters without spaces",
        () => Typed("string").With("pattern", "^[!-~]+$"),
        (node, unset) => node.Value is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text
            && text.All(c => c is > ' ' and < '\u007f') ? text
                : node.Fail("must be a string of printable ASCII characters without spaces", unset),
        token => "sha256:" + CanonicalJson.Digest(token));

    /// <summary>A container's <c>resources</c>, as Kubernetes takes them.</summary>
    public static SettingKind<JsonElement> Resources { get; } = new("requests and limits, as Kubernetes takes them",
        () => new() { ["$ref"] = "#/$defs/resources" }, ReadResources, JsonText.ToNode);

    /// <summary>Register options with their values.</summary>
    public static SettingKind<ImmutableDictionary<string, ImmutableArray<string>>> Options { get; } = new("register options",
        () => new() { ["$ref"] = "#/$defs/register" }, (node, unset) => unset.SetItems(RegisterReader.Read(node)),
        options => Map(options, (_, values) => JsonText.Array(values)))
    {
        Show = options => Map(options, RegisterOptions.Shown),
        HasFields = true,
    };

    /// <summary>What the kinds above refer to.</summary>
    public static JsonObject Definitions()
    {
        return new()
        {
            ["register"] = RegisterSchema.Create(),
            ["resources"] = Typed("object").OrNull().With("additionalProperties", false).With("properties", new JsonObject
            {
                ["requests"] = Quantities("The request, by resource"),
                ["limits"] = Quantities("The limit, by resource"),
            }),
        };

        static JsonObject Quantities(string meaning) => Typed("object").OrNull().With("description", meaning)
            .With("additionalProperties", Typed("string", "number").With("pattern", QuantityPattern).With("minimum", 0));
    }

    public static SettingKind<string> Text(string takes, string? pattern, Func<string, bool> isValid) => new(takes,
        () => Typed("string").With("pattern", pattern),
        (node, unset) => node.Text() is not { } text ? unset
            : isValid(text) ? text : node.Fail($"is '{text}', but must be {takes}", unset),
        text => text);

    public static SettingKind<int> Whole(int min, int max = int.MaxValue)
    {
        var takes = string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
        return new(takes, () => Typed("integer").With("minimum", min).With("maximum", max),
            (node, unset) => node.Value is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number)
                && number >= min && number <= max ? number : node.Fail($"must be {takes}, but is "
                    + (node.Value is { ValueKind: JsonValueKind.Number } other ? other.GetRawText() : node.TypeName), unset),
            number => number)
        {
            FromText = text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (JsonNode)number : null,
        };
    }

    /// <summary>One of a few words, each with its meaning.</summary>
    public static SettingKind<T> Word<T>(params (string Text, T Meaning)[] words)
    {
        var takes = string.Join(" or ", words.Select(word => word.Text.Length > 0 ? word.Text : "\"\""));
        return new(takes, () => new() { ["enum"] = JsonText.Array(words.Select(word => word.Text)) },
            (node, unset) => node.Text() is not { } text ? unset
                : words.Where(word => word.Text == text).ToArray() is [var word, ..] ? word.Meaning
                : node.Fail($"is '{text}', but must be {takes}", unset),
            value => words.First(word => Equals(word.Meaning, value)).Text);
    }

    /// <summary>One of a few words that mean themselves.</summary>
    public static SettingKind<string> Word(params string[] words) => Word([.. words.Select(word => (word, word))]);

    /// <summary>The values of an enumeration, which begin with small letters unless said otherwise.</summary>
    public static SettingKind<T> Word<T>(bool asTheyAre = false)
        where T : struct, Enum => Word([.. Enum.GetValues<T>().Select(value =>
            (asTheyAre ? value.ToString() : JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), value))]);

    /// <summary>A list of texts; one text is a list of one.</summary>
    public static SettingKind<ImmutableArray<string>> Texts(
        string each = "", string? pattern = null, Func<string, bool>? isValid = null, bool orNone = true,
        Func<string, string>? shown = null)
    {
        var takes = each.Length > 0 ? $"a list; each {each}" : "a list of texts";
        return new(takes,
            () => Typed("array", "string", "number", "boolean").With("pattern", pattern).With("minItems", orNone ? null : 1)
                .With("items", Typed("string", "number", "boolean").With("pattern", pattern)),
            (node, _) =>
            {
                if (node.Texts() is not { } texts)
                {
                    return [];
                }

                foreach (var wrong in texts.Where(text => isValid?.Invoke(text) == false))
                {
                    node.Error($"has '{shown?.Invoke(wrong) ?? wrong}', but each must be {each}");
                }

                return orNone || !texts.IsEmpty ? texts : node.Fail("must have at least one value", texts);
            },
            texts => texts.IsDefault ? null : JsonText.Array(texts))
        {
            FromText = text => List(text, splitAtCommas: false) is { } texts ? JsonText.Array(texts) : null,
        };
    }

    /// <summary>A list of mappings.</summary>
    public static SettingKind<ImmutableArray<T>> ListOf<T>(SettingTable<T> table, Func<ConfigurationNode, int, T> start)
        where T : class => new("a list of mappings", () => Typed("array").With("items", table.Schema()),
            (node, _) => [.. node.Items().TakeWhile(_ => !node.IsHopeless)
                .Select((item, index) => table.Read(item, start(item, index)))],
            items => items.IsDefault ? null : new JsonArray([.. items.Select(item => (JsonNode?)table.ToJson(item))]))
        {
            Inner = path => table.Reference(path + "[]."),
        };

    /// <summary>The kind, for a value that is kept as it is written.</summary>
    public static SettingKind<JsonElement> Raw<T>(SettingKind<T> kind) => new(kind.Takes, kind.Schema,
        (node, _) =>
        {
            kind.Read(node, default!);
            return node.Value!.Value;
        },
        value => value.ValueKind == JsonValueKind.Undefined ? null : JsonText.ToNode(value));

    /// <summary>Reads a list from an annotation: a JSON list of strings, or the values between commas, or one value.</summary>
    /// <returns>The values; null if the text looks like a JSON list and is not one of strings.</returns>
    public static ImmutableArray<string>? List(string text, bool splitAtCommas)
    {
        if (!text.StartsWith('['))
        {
            return splitAtCommas
                ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
                : [text];
        }

        return JsonText.TryParse(Encoding.UTF8.GetBytes(text), out var json, out _) && json.ValueKind == JsonValueKind.Array
            && json.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String)
                ? [.. json.EnumerateArray().Select(element => element.GetString()!)]
                : null;
    }

    /// <summary>Whether the text is an http or https URL.</summary>
    public static bool IsWebAddress(string text) => !text.Any(char.IsWhiteSpace)
        && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0;

    /// <summary>Whether the text is the address of an engine.</summary>
    public static bool IsTcpAddress(string text) => !text.Any(char.IsWhiteSpace)
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url is { Scheme: "tcp", Host.Length: > 0, Port: > 0, PathAndQuery: "" or "/", UserInfo: "", Fragment: "" };

    private static bool IsAddress(string text) => text.LastIndexOf(':') is >= 0 and var colon
        && ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']');

    private static JsonElement ReadResources(ConfigurationNode node, JsonElement unset)
    {
        foreach (var part in node.IsMappingOf("requests", "limits") ? new[] { "requests", "limits" } : [])
        {
            var quantities = node.Member(part);
            foreach (var quantity in quantities.IsMappingOf() ? quantities.Members : [])
            {
                var text = quantity.Value switch
                {
                    { ValueKind: JsonValueKind.String } quoted => quoted.GetString()!,
                    { ValueKind: JsonValueKind.Number } plain => plain.GetRawText(),
                    _ => "",
                };
                if (!IsQuantity(text))
                {
                    quantity.Error($"is '{text}', but must be a quantity such as 50m, 1 or 64Mi");
                }
            }
        }

        return node.IsMapping ? node.Value!.Value : unset;
    }

    private static JsonObject Map(ImmutableDictionary<string, ImmutableArray<string>> options,
        Func<string, ImmutableArray<string>, JsonNode?> value) => new(options
            .OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => KeyValuePair.Create(option.Key, value(option.Key, option.Value))));

    // In .NET the end of a pattern is also before a last line feed.
    private static bool IsQuantity(string text) => !text.EndsWith('\n') && Quantity().IsMatch(text);

    // The format of Kubernetes' resource.Quantity, without a sign: no resource is negative.
    [GeneratedRegex(QuantityPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Quantity();
}
