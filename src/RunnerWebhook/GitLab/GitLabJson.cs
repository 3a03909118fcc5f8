using System.Text.Json.Serialization;

namespace RunnerWebhook.GitLab;

/// <summary>GitLab's JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NewRunner))]
[JsonSerializable(typeof(CreatedRunner))]
[JsonSerializable(typeof(RunnerEntry))]
[JsonSerializable(typeof(RunnerEntry[]))]
[JsonSerializable(typeof(RunnerProcess[]))]
[JsonSerializable(typeof(OwnerEntry))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class GitLabJson : JsonSerializerContext;
