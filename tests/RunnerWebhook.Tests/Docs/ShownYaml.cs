using System.Text.Json;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Tests.Docs;

/// <summary>What a YAML block of a document is, and what it is tried with.</summary>
internal static class ShownYaml
{
    private const string Head = "apiVersion: runner-webhook/v1\nkind: Configuration\n";

    private static readonly string[] Parts = ["profiles", "policy", "watchNamespaces", "daemonSets", "reportSuccess", "log"];

    /// <summary>The configuration that a block shows, whole; null if it shows something else. Keys of a configuration may be shown
    /// alone.</summary>
    public static string? Configuration(Block block)
    {
        var keys = Root(block) is { ValueKind: JsonValueKind.Object } root ? root.EnumerateObject().Select(key => key.Name).ToArray() : [];
        return keys.Length == 0 ? null : keys.All(Parts.Contains) ? Head + block.Text
            : block.Text.Contains("apiVersion: runner-webhook/", StringComparison.Ordinal) && !block.Text.Contains("data:\n", StringComparison.Ordinal)
                ? block.Text : null;
    }

    /// <summary>The manifest with a label that a block shows, whole; null if it shows something else. Metadata may be shown alone:
    /// they are those of a Pod.</summary>
    public static string? Workload(Block block) => block.Text.StartsWith("metadata:\n", StringComparison.Ordinal)
        ? "apiVersion: v1\nkind: Pod\n" + block.Text.Replace("metadata:\n", "metadata:\n  name: gitlab-runner\n  labels: {gitlab-runner: inject}\n", StringComparison.Ordinal)
            + "spec:\n  containers:\n    - {name: gitlab-runner, image: gitlab/gitlab-runner:v17.5.0}\n"
        : block.Text.Contains("kind: ", StringComparison.Ordinal) && (block.Is("refused") || block.Is("noted")
            || block.Text.Contains("gitlab-runner: inject", StringComparison.Ordinal)) ? block.Text : null;

    /// <summary>The configuration that a workload is injected with: the last valid one shown before it, or else the sample.</summary>
    public static string ConfigurationFor(Block block) => block.Document.Blocks()
        .TakeWhile(one => one.Line < block.Line).Where(one => one.Language == "yaml" && !one.Is("refused") && !one.Is("elided"))
        .Select(Configuration).LastOrDefault(text => text is not null)
        ?? File.ReadAllText(Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "samples", "config.yaml"));

    private static JsonElement? Root(Block block) => YamlFile.Parse(block.Text, out _)?.Documents is [var first, ..] ? first.Json : null;
}
