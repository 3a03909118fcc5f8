namespace RunnerWebhook.Cli;

/// <summary>Colour on a terminal.</summary>
internal static class Paint
{
    private const string Red = "\u001b[31m";
    private const string Green = "\u001b[32m";
    private const string Yellow = "\u001b[33m";
    private const string Cyan = "\u001b[36m";
    private const string Plain = "\u001b[0m";

    /// <summary>The mark of a line of <c>check</c>.</summary>
    public static string Mark(string mark) => mark switch
    {
        "✓" => Green + mark + Plain,
        "✗" => Red + mark + Plain,
        "!" => Yellow + mark + Plain,
        "?" => Cyan + mark + Plain,
        _ => mark,
    };

    /// <summary>A unified diff.</summary>
    public static string Diff(string diff) => string.Join('\n', diff.Split('\n').Select(line => line switch
    {
        ['+', ..] => Green + line + Plain,
        ['-', ..] => Red + line + Plain,
        ['@', '@', ..] => Cyan + line + Plain,
        _ => line,
    }));
}
