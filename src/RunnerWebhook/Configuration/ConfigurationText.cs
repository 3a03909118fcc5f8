using System.Collections.Immutable;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Configuration;

/// <summary>A configuration as it is written, and what it means.</summary>
/// <param name="Configuration">What it means; null if there are mistakes.</param>
/// <param name="Document">The file's one document; null if it could not be read as YAML.</param>
/// <param name="Mistakes">Every mistake, by its place; empty if the configuration is usable.</param>
internal sealed record ConfigurationText(
    RunnerConfiguration? Configuration, YamlDocument? Document, ImmutableArray<ConfigurationMistake> Mistakes);
