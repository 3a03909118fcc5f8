namespace RunnerWebhook.Yaml;

/// <summary>One document of a text.</summary>
/// <param name="Start">Where its part of the text starts: a line start.</param>
/// <param name="Root">The root node.</param>
internal sealed record ComposedDocument(int Start, YamlNode Root);
