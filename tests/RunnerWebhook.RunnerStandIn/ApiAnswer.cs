using System.Net;
using System.Text.Json.Nodes;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>What GitLab answered.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, string Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}
