namespace RunnerWebhook.Yaml;

/// <summary>The meaning of a scalar.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Text">The string; the JSON text of a number; what is wrong with a misfit.</param>
internal readonly record struct ScalarValue(ScalarKind Kind, string Text);
