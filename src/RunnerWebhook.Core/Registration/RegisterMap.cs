using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Registration;

/// <summary>
/// Values of options that are maps: kept as the text of a JSON object, also read from <c>KEY:VALUE</c> texts, and given to
/// <c>register</c> as <c>KEY:VALUE</c>, once for each key.
/// </summary>
public static class RegisterMap
{
    /// <summary>The text of an object for what a user wrote: an object, a JSON list of <c>KEY:VALUE</c>, or <c>KEY:VALUE</c>
    /// with commas in between. A text that is none of these stays as it is.</summary>
    public static string FromText(RegisterOption option, string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith('{') || trimmed.Length == 0)
        {
            return trimmed;
        }

        if (!trimmed.StartsWith('['))
        {
            return FromEntries(option,
                [.. trimmed.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]) ?? text;
        }

        return JsonText.TryParse(Encoding.UTF8.GetBytes(trimmed), out var list, out _) && list.ValueKind == JsonValueKind.Array
            ? FromList(option, list) : text;
    }

    /// <summary>The text of an object for a list of <c>KEY:VALUE</c>; the list's own text if it is something else.</summary>
    public static string FromList(RegisterOption option, JsonElement list) =>
        list.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String)
            ? FromEntries(option, [.. list.EnumerateArray().Select(element => element.GetString()!)]) ?? list.GetRawText()
            : list.GetRawText();

    /// <summary>What <c>register</c> takes for a value: of a map <c>KEY:VALUE</c> for each key, of any other option the
    /// value.</summary>
    public static IEnumerable<string> Entries(RegisterOption option, string value)
    {
        if (!option.IsMap)
        {
            return [value];
        }

        using var map = JsonDocument.Parse(value);
        return [.. map.RootElement.EnumerateObject().SelectMany(member => member.Value.ValueKind switch
        {
            JsonValueKind.Array => member.Value.EnumerateArray().Select(element => $"{member.Name}:{element.GetString()}"),
            JsonValueKind.True or JsonValueKind.False => [$"{member.Name}:{member.Value.GetRawText()}"],
            _ => [$"{member.Name}:{member.Value.GetString()}"],
        })];
    }

    /// <summary>What is wrong with the text of an object, to be read after the option's name; null for nothing.</summary>
    internal static string? Problem(RegisterOption option, string text)
    {
        if (!JsonText.TryParse(Encoding.UTF8.GetBytes(text), out var map, out _) || map.ValueKind != JsonValueKind.Object)
        {
            return $"is {RegisterValue.Shown(option, text)}, but must be {RegisterRule.Allowed(option)}";
        }

        return map.EnumerateObject().Select(member => Problem(option, member)).FirstOrDefault(problem => problem is not null);
    }

    private static string? Problem(RegisterOption option, JsonProperty member)
    {
        var name = RegisterValue.Shown(option, member.Name);
        if (member.Name.Length == 0 || member.Name.Contains(':', StringComparison.Ordinal))
        {
            return $"holds the key {name}, but register reads a key up to the first colon: set it in a template of config.toml";
        }

        if (!IsMember(option.Kind, member.Value))
        {
            return $"holds {JsonTypeName.Of(member.Value)} under {name}, but must be {RegisterRule.Allowed(option)}";
        }

        // Each further one would take the place of the one before.
        return member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() != 1
            ? $"holds {member.Value.GetArrayLength()} values under {name}, but register takes one for each key: set them in a "
                + "template of config.toml"
            : Texts(member).Select(value => RegisterValue.ControlProblem(value, multiLine: false))
                .FirstOrDefault(problem => problem is not null);
    }

    private static IEnumerable<string> Texts(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.String => [member.Name, member.Value.GetString()!],
        JsonValueKind.Array => [member.Name, .. member.Value.EnumerateArray().Select(element => element.GetString()!)],
        _ => [member.Name],
    };

    private static bool IsMember(RegisterOptionKind kind, JsonElement value) => kind switch
    {
        RegisterOptionKind.BooleanMap => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        RegisterOptionKind.ListMap => value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String),
        _ => value.ValueKind == JsonValueKind.String,
    };

    private static string? FromEntries(RegisterOption option, ImmutableArray<string> entries)
    {
        var map = new JsonObject();
        foreach (var entry in entries)
        {
            if (entry.Split(':', 2) is not [var key, var value])
            {
                return null;
            }

            map[key] = option.Kind switch
            {
                RegisterOptionKind.BooleanMap when value is "true" or "false" => value == "true",
                RegisterOptionKind.ListMap =>
                    new JsonArray([.. map[key]?.AsArray().Select(other => other?.DeepClone()) ?? [], value]),
                _ => value,
            };
        }

        return map.ToJsonString();
    }
}
