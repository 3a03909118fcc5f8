using System.Text.Json;

namespace RunnerWebhook.GitLab;

/// <summary>What GitLab says when it refuses: one of the two, in several shapes.</summary>
/// <param name="Message">GitLab's own: a text, or an object of lists by field.</param>
/// <param name="Error">The framework's: a text, or a code that <paramref name="ErrorDescription"/> explains.</param>
/// <param name="ErrorDescription">The explanation.</param>
internal sealed record ErrorBody(JsonElement Message, JsonElement Error, JsonElement ErrorDescription);
