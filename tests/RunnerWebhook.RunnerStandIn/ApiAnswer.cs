using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>What GitLab answered.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, string Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body; empty where it is no JSON object, as the page of a proxy isn't.</summary>
    public JsonObject Json { get; } = Parse(Body);

    /// <summary>What GitLab says about it; empty for nothing.</summary>
    public string Message => Json["message"] switch
    {
        null => "",
        JsonValue text => text.ToString(),
        var other => other.ToJsonString(),
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
