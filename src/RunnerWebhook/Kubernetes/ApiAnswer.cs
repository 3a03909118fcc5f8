using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Kubernetes;

/// <summary>What the API server answered.</summary>
/// <param name="Body">The object.</param>
/// <param name="Warnings">The warnings that kubectl would print.</param>
internal sealed record ApiAnswer(JsonElement Body, ImmutableArray<string> Warnings);
