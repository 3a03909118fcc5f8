using System.Text.Json;

namespace RunnerWebhook.Kubernetes;

/// <summary>A change to an object.</summary>
/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c>, <c>DELETED</c> or <c>BOOKMARK</c>.</param>
/// <param name="Object">The object after the change; of a bookmark only its resource version counts.</param>
internal sealed record WatchEvent(string Type, JsonElement Object);
