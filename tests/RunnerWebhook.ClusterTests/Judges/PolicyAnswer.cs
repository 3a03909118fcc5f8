using System.Text.Json.Nodes;

namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>What the API server makes of a request.</summary>
/// <param name="Input">The object as the API server reads it; null for none.</param>
/// <param name="Object">The object as it is stored; null for none.</param>
/// <param name="Denied">Why it is rejected; empty where it is not.</param>
/// <param name="Warned">What the user is warned of; null for nothing.</param>
/// <param name="Error">What failed; empty for nothing.</param>
/// <param name="Total">What all expressions of one policy cost, in the API server's units.</param>
/// <param name="Dearest">What the dearest expression alone costs.</param>
/// <param name="Name">The name of the dearest expression.</param>
internal sealed record PolicyAnswer(
    JsonNode? Input, JsonNode? Object, string Denied, string[]? Warned, string Error, long Total, long Dearest, string Name);
