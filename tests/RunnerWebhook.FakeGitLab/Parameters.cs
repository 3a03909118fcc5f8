using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace RunnerWebhook.FakeGitLab;

/// <summary>The parameters of a request, from its query and its body; all that is wrong with them is told at once.</summary>
internal sealed class Parameters
{
    private readonly Dictionary<string, JsonNode?> _values = new(StringComparer.Ordinal);
    private readonly List<string> _errors = [];

    private Parameters()
    {
    }

    public static Parameters Read(HttpRequest request, string body)
    {
        var parameters = new Parameters();
        parameters.AddAll(QueryHelpers.ParseQuery(request.QueryString.Value));
        var type = request.ContentType?.Split(';')[0].Trim();
        switch (type)
        {
            case null or "" when body.Length == 0:
                break;
            case "application/json":
                parameters.AddJson(body);
                break;
            case null or "" or "application/x-www-form-urlencoded":
                parameters.AddAll(QueryHelpers.ParseQuery(body));
                break;
            default:
                throw RefusalException.Invalid(415, $"The provided content-type '{type}' is not supported.");
        }

        return parameters;
    }

    public string Required(string name)
    {
        if (!_values.ContainsKey(name))
        {
            _errors.Add($"{name} is missing");
        }

        return Optional(name) ?? "";
    }

    public string? Optional(string name) => _values.GetValueOrDefault(name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() != JsonValueKind.Object => value.ToString(),
        _ => Invalid<string>(name),
    };

    public string? OneOf(string name, params string[] allowed)
    {
        var value = Optional(name);
        if (value is not null && !allowed.Contains(value, StringComparer.Ordinal))
        {
            _errors.Add($"{name} does not have a valid value");
        }

        return value;
    }

    public long RequiredId(string name)
    {
        if (!_values.ContainsKey(name))
        {
            _errors.Add($"{name} is missing");
        }

        return Number(name) ?? 0;
    }

    public int? Number(string name) => Optional(name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => Invalid<int?>(name),
    };

    public bool? Boolean(string name) => Optional(name) switch
    {
        null => null,
        "true" or "1" => true,
        "false" or "0" => false,
        _ => Invalid<bool?>(name),
    };

    /// <summary>A list of words: an array, or one string with commas.</summary>
    public ImmutableArray<string> Words(string name)
    {
        var words = _values.GetValueOrDefault(name) switch
        {
            null => [],
            JsonArray array when array.All(item => item?.GetValueKind() == JsonValueKind.String) => array.Select(item => (string)item!),
            JsonValue value when value.GetValueKind() == JsonValueKind.String => ((string)value!).Split(','),
            _ => Invalid<string[]>(name) ?? [],
        };
        return [.. words.Select(word => word.Trim()).Where(word => word.Length > 0)];
    }

    public JsonObject? Object(string name) => _values.GetValueOrDefault(name) switch
    {
        null => null,
        JsonObject value => value,
        _ => Invalid<JsonObject>(name),
    };

    /// <summary>Ends the request where anything asked for was missing or wrong.</summary>
    public void EnsureValid()
    {
        if (_errors.Count > 0)
        {
            throw RefusalException.Invalid(400, string.Join(", ", _errors));
        }
    }

    private T? Invalid<T>(string name)
    {
        _errors.Add($"{name} is invalid");
        return default;
    }

    private void AddJson(string body)
    {
        try
        {
            if (JsonNode.Parse(body) is JsonObject fields)
            {
                foreach (var (name, value) in fields)
                {
                    _values[name] = value;
                }

                return;
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
        }

        throw RefusalException.Invalid(400, "Problem parsing JSON");
    }

    private void AddAll(Dictionary<string, Microsoft.Extensions.Primitives.StringValues> values)
    {
        foreach (var (name, texts) in values)
        {
            _values[name.Replace("[]", "", StringComparison.Ordinal)] = name.EndsWith("[]", StringComparison.Ordinal)
                ? Json.Strings(texts.OfType<string>())
                : JsonValue.Create(texts.ToString());
        }
    }
}
