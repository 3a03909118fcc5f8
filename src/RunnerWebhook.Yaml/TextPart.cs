namespace RunnerWebhook.Yaml;

/// <summary>A part of a text that is read by itself.</summary>
/// <param name="Start">Where it starts, with the separator before it.</param>
/// <param name="Content">After the separator.</param>
/// <param name="End">After its last character.</param>
/// <param name="IsJson">Whether it is one valid JSON object; else it is YAML.</param>
internal readonly record struct TextPart(int Start, int Content, int End, bool IsJson);
