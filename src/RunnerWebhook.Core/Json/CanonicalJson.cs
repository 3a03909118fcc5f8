using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Json;

/// <summary>One text for equal JSON values: members sorted by name, no white space.</summary>
public static class CanonicalJson
{
    /// <summary>Whether a text can be a digest by <see cref="Digest"/>.</summary>
    public static bool IsDigest(string text) => text.Length == 12 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The first 12 hexadecimal digits of the SHA-256 of the canonical text.</summary>
    public static string Digest(JsonNode? node)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(text))
        {
            Write(json, node);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, hash);
        return Convert.ToHexStringLower(hash[..6]);
    }

    // The text of a sorted copy, without the copy.
    private static void Write(Utf8JsonWriter json, JsonNode? node)
    {
        switch (node)
        {
            case null:
                json.WriteNullValue();
                break;
            case JsonObject map:
                json.WriteStartObject();
                foreach (var (name, member) in map.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    json.WritePropertyName(name);
                    Write(json, member);
                }

                json.WriteEndObject();
                break;
            case JsonArray list:
                json.WriteStartArray();
                foreach (var element in list)
                {
                    Write(json, element);
                }

                json.WriteEndArray();
                break;
            default:
                node.WriteTo(json);
                break;
        }
    }
}
