using System.Text.Json.Nodes;

namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>An expression and the request that it is asked of.</summary>
public sealed record CelQuestion(string Expression, string Operation, JsonNode Object, JsonNode? OldObject);
