using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using RunnerWebhook.Core.Json;

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
            // Before it is cut: the rest of a token would not look like one.
            var text = TokenText.Mask(Encoding.UTF8.GetString(body)).Trim();
            return new(code, "", text.Length switch { 0 => NoReason, <= 200 => text, _ => text[..200] + "…" }, []);
        }
    }

    /// <summary>Reads a Status.</summary>
    /// <param name="code">The HTTP status; null for that which the Status itself names.</param>
    /// <param name="status">The Status.</param>
    public static ApiStatus Read(int? code, JsonElement status)
    {
        var stated = status.Number("code");
        var message = status.Text("message");
        return new(code ?? (stated > 0 ? stated : 500), status.Text("reason"), message.Length > 0 ? message : NoReason,
            [.. status.List("details", "causes").Select(cause => cause.Text("reason"))]);
    }
}
