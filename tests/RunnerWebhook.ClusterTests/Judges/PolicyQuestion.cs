using System.Text.Json.Nodes;

namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>Policies with their bindings, and requests that they judge.</summary>
internal sealed record PolicyQuestion(JsonObject[] Policies, PolicyRequest[] Requests);

/// <summary>A request for admission.</summary>
/// <param name="Operation"><c>CREATE</c> or <c>UPDATE</c>.</param>
/// <param name="Object">The object.</param>
/// <param name="OldObject">The object as it is stored; null for a CREATE.</param>
/// <param name="Namespace">The Namespace.</param>
internal sealed record PolicyRequest(string Operation, JsonNode Object, JsonNode? OldObject, JsonNode Namespace);
