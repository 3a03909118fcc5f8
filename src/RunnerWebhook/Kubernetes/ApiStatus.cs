using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace RunnerWebhook.Kubernetes;

/// <summary>How the API server says that a call failed: its <c>Status</c>.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Reason">The reason in one word, as in <c>Invalid</c>; empty if none is given.</param>
/// <param name="Message">The text, unchanged.</param>
/// <param name="Causes">The reasons of the causes in its details; of our webhook's refusals the outcome's code.</param>
internal sealed record ApiStatus(int Code, string Reason, string Message, ImmutableArray<string> Causes)
{
    private const string NoReason = "no reason given";

    /// <summary>Reads an answer's body: a Status, or whatever a proxy says.</summary>
    public static ApiStatus Read(int code, byte[] body)
    {
        try
        {
            return Read(code, JsonElement.Parse(body));
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body).Trim();
            return new(code, "", text.Length switch { 0 => NoReason, <= 200 => text, _ => text[..200] + "…" }, []);
        }
    }

    /// <summary>Reads a Status.</summary>
    /// <param name="code">The HTTP status; null for that which the Status itself names.</param>
    /// <param name="status">The Status.</param>
    public static ApiStatus Read(int? code, JsonElement status)
    {
        var stated = Member(status, "code") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 500;
        var causes = Member(Member(status, "details"), "causes") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(cause => Text(cause, "reason")) : [];
        return new(code ?? stated, Text(status, "reason"),
            Text(status, "message") is { Length: > 0 } message ? message : NoReason, [.. causes]);
    }

    private static string Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var value) ? value : null;
}
