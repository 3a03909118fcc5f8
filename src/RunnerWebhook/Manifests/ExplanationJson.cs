using System.Text.Json.Nodes;
using RunnerWebhook.Core.Explaining;

namespace RunnerWebhook.Manifests;

/// <summary>Parts of an explanation as JSON.</summary>
internal static class ExplanationJson
{
    /// <summary>The gates, in order.</summary>
    public static JsonArray Gates(Explanation explanation) => new([.. explanation.Gates.Select(gate => (JsonNode)new JsonObject
    {
        ["gate"] = gate.Name,
        ["passed"] = gate.Passed,
        ["detail"] = gate.Detail,
    })]);
}
