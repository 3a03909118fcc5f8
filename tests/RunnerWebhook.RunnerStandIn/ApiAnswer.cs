using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>What GitLab answered to a call, as in <c>POST http://gitlab.example.com/api/v4/runners</c>.</summary>
internal sealed record ApiAnswer(string Call, HttpStatusCode Status, string Body, bool IsJson)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body; empty where it is no JSON object, as the page of a proxy isn't.</summary>
    public JsonObject Json { get; } = Parse(Body);

    /// <summary>What GitLab says about it, of each field where it is about several; empty for nothing.</summary>
    public string Message => Json["message"] switch
    {
        JsonValue text => text.ToString(),
        JsonObject fields => string.Join(", ", fields.Select(member => $"{member.Key}: {string.Join("; ", member.Value!.AsArray())}")),
        _ => "",
    };

    private static JsonObject Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
