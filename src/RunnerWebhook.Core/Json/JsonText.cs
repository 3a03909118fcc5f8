using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace RunnerWebhook.Core.Json;

/// <summary>Strict reading of JSON that arrives from outside.</summary>
public static class JsonText
{
    /// <summary>
    /// The deepest nesting that is read, in levels. A Pod of Kubernetes 1.36 with its managed fields is about 15
    /// levels deep; the API server's own decoder stops far above this.
    /// </summary>
    public const int MaxDepth = 100;

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = MaxDepth,
        AllowDuplicateProperties = false,
    };

    /// <summary>
    /// Reads one JSON value. Duplicate member names, comments, trailing commas, invalid UTF-8, unpaired surrogates
    /// and anything deeper than <see cref="MaxDepth"/> are refused. Numbers keep their text.
    /// </summary>
    /// <param name="utf8">The whole text, without byte order mark.</param>
    /// <param name="value">The value, when the result is true.</param>
    /// <param name="problem">What is wrong and where, when the result is false.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out JsonElement value, out string problem)
    {
        value = default;
        try
        {
            if (!IsText(utf8, out problem))
            {
                return false;
            }

            value = JsonElement.Parse(utf8, Strict);
            return true;
        }
        catch (JsonException e)
        {
            problem = e.Message;
            return false;
        }
    }

    /// <summary>Reads one JSON value as <see cref="TryParse"/> does, without a copy of the text: the document's values are good
    /// until it is disposed of, and as long as the text does not change.</summary>
    /// <param name="utf8">The whole text, without byte order mark.</param>
    /// <param name="problem">What is wrong and where, when the result is null.</param>
    public static JsonDocument? TryOpen(ReadOnlyMemory<byte> utf8, out string problem)
    {
        try
        {
            return IsText(utf8.Span, out problem) ? JsonDocument.Parse(utf8, Strict) : null;
        }
        catch (JsonException e)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>The value as a tree that can be changed; the value itself stays as it is. Null for JSON null.</summary>
    public static JsonNode? ToNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };

    /// <summary>The tree with other texts; names of members stay.</summary>
    /// <param name="node">The tree; null for JSON null.</param>
    /// <param name="change">What becomes of a text.</param>
    public static JsonNode? WithTexts(JsonNode? node, Func<string, string> change) => node switch
    {
        JsonObject map => new JsonObject(map.Select(member => KeyValuePair.Create(member.Key, WithTexts(member.Value, change)))),
        JsonArray list => new JsonArray([.. list.Select(item => WithTexts(item, change))]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => JsonValue.Create(change(text.GetValue<string>())),
        _ => node?.DeepClone(),
    };

    /// <summary>A list of texts.</summary>
    public static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode?)text)];

    /// <summary>The tree as a value that can't be changed any more.</summary>
    public static JsonElement ToElement(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            if (node is null)
            {
                json.WriteNullValue();
            }
            else
            {
                node.WriteTo(json);
            }
        }

        return JsonElement.Parse(buffer.WrittenSpan, Strict);
    }

    private static bool IsText(ReadOnlySpan<byte> utf8, out string problem)
    {
        problem = !Utf8.IsValid(utf8) ? "not valid UTF-8"
            : HasUnpairedSurrogate(utf8)
                ? "a string holds an unpaired surrogate (\\ud800 to \\udfff), which no UTF-8 text can hold" : "";
        return problem.Length == 0;
    }

    private static bool HasUnpairedSurrogate(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("\\ud"u8) < 0 && utf8.IndexOf("\\uD"u8) < 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !CanTranscode(ref reader))
            {
                return true;
            }
        }

        return false;
    }

    private static bool CanTranscode(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
