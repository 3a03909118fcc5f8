using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Kubernetes;

/// <summary>All objects of a list, and where a watch goes on from there.</summary>
/// <param name="Items">The objects. Items of a list carry neither <c>apiVersion</c> nor <c>kind</c>.</param>
/// <param name="ResourceVersion">The list's resource version.</param>
internal sealed record ApiList(ImmutableArray<JsonElement> Items, string ResourceVersion);
