using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Settings;

/// <summary>One mistake in the configuration.</summary>
/// <param name="Path">The field.</param>
/// <param name="Problem">What is wrong with it and what is allowed, to be read after the field's path.</param>
/// <param name="Key">Whether the field's name is the mistake, and not its value.</param>
public sealed record ConfigurationError(JsonPointer Path, string Problem, bool Key = false)
{
    /// <summary>Field path and problem, in one sentence.</summary>
    public override string ToString() => $"{FieldPath.Of(Path)}: {Problem}";
}
