namespace RunnerWebhook.Yaml;

/// <summary>One token of a text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">After its last character.</param>
/// <param name="Text">The value of a scalar, the name of an anchor or alias, a tag as written, or a directive.</param>
/// <param name="Style">How a scalar is written.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End, string Text = "", ScalarStyle Style = default);
