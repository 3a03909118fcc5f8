using System.Collections.Immutable;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Manifests;

/// <summary>A file after its objects were injected or given back.</summary>
/// <param name="Source">The file as it was.</param>
/// <param name="Parsed">The file as it was, read; null if it can't be read.</param>
/// <param name="Text">The new text; null if the file has errors.</param>
/// <param name="Objects">Every object with what came of it.</param>
/// <param name="Errors">Why the file can't be read or edited, one <c>FILE:LINE:COLUMN: …</c> each.</param>
internal sealed record ManifestResult(
    ManifestSource Source,
    YamlFile? Parsed,
    string? Text,
    ImmutableArray<(ManifestObject Object, InjectionOutcome Outcome)> Objects,
    ImmutableArray<string> Errors)
{
    /// <summary>What is remarkable in the file, one <c>FILE:LINE:COLUMN: …</c> each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The objects whose label is not acted on, each with the reason.</summary>
    public IEnumerable<(ManifestObject Object, RunnerLabel Label)> Unanswered => Objects
        .Select(item => (item.Object, Label: RunnerLabel.Unanswered(item.Object, item.Outcome)))
        .Where(item => item.Label is not null).Select(item => (item.Object, item.Label!));

    /// <summary>Whether the file could not be done as a whole.</summary>
    public bool HasFailed => !Errors.IsEmpty || Objects.Any(item => item.Outcome.IsDenied);

    /// <summary>Whether an outcome says that nothing was asked for.</summary>
    public static bool IsSkipped(InjectionOutcome outcome) => outcome.Advice.IsEmpty
        && outcome.Code is OutcomeCode.LeftAloneNotLabelled or OutcomeCode.LeftAloneUnsupportedKind;

    /// <summary>The patches of one document, with paths from the document's root.</summary>
    public static ImmutableArray<PatchOperation> PatchOf(ManifestObject item, InjectionOutcome outcome) =>
        [.. outcome.Patch.Select(operation => operation with { Path = item.Path.Append(operation.Path) })];
}
