using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace RunnerWebhook.Cli;

/// <summary>The words that may follow at the cursor: the answer to the scripts that <see cref="CompletionCommand"/> prints.
/// Paths are left to the shell: <c>FILE</c> or <c>DIR</c> in the help of an option marks them.</summary>
internal static class CommandLineCompletion
{
    /// <summary>The word by which the scripts ask. The words of the command line follow, the word at the cursor last.</summary>
    public const string Verb = "__complete";

    /// <summary>The answer: <c>words</c>, <c>files</c> or <c>folders</c> on the first line; then one word a line, with a tab
    /// and its meaning.</summary>
    public static string Answer(RootCommand root, string[] words)
    {
        var (before, current) = words is [.. var first, var last] ? (first, last) : ([], "");
        var isStated = current.StartsWith('-') && current.Contains('=', StringComparison.Ordinal);
        if (isStated)
        {
            var at = current.IndexOf('=', StringComparison.Ordinal);
            (before, current) = ([.. before, current[..at]], current[(at + 1)..]);
        }

        var parsed = root.Parse(before);
        if (parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash))
        {
            return Text([]);
        }

        if (Named(parsed) is not { } option || (option.Arity.MinimumNumberOfValues == 0 && !isStated))
        {
            return Text(Names(parsed, root.Parse([.. before, ""]).GetCompletionContext(), current));
        }

        var takes = option.HelpName?.Split('|') ?? [];
        return takes.Contains("FILE") ? "files\n" : takes.Contains("DIR") ? "folders\n"
            : Text(option.GetCompletions(parsed.GetCompletionContext()).Select(item => (item.Label, ""))
                .Where(item => item.Label.StartsWith(current, StringComparison.Ordinal)));
    }

    // The option that the last word names.
    private static Option? Named(ParseResult parsed) => parsed.Tokens is [.., { Type: TokenType.Option, Value: var name }]
        ? parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name))
        : null;

    // Subcommands and arguments first: options are offered only if nothing else is, or after a dash.
    // The context ends with an empty word: the library would take the last value for the word at the cursor.
    private static IEnumerable<(string, string)> Names(ParseResult parsed, CompletionContext context, string current)
    {
        var used = parsed.CommandResult.Children.OfType<OptionResult>()
            .Where(result => !result.Implicit && !result.Option.ValueType.IsArray)
            .SelectMany(result => result.Option.Aliases.Prepend(result.Option.Name)).ToHashSet(StringComparer.Ordinal);
        var items = parsed.CommandResult.Command.GetCompletions(context)
            .Where(item => item.Label.StartsWith(current, StringComparison.Ordinal) && !used.Contains(item.Label)
                // A short name is offered once it has been typed.
                && (item.Label[0] is not ('-' or '/') || item.Label.StartsWith("--", StringComparison.Ordinal)
                    || item.Label == current))
            .ToArray();
        var inside = items.Where(item => item.Label[0] != '-').ToArray();
        return (inside.Length > 0 || current is [not '-', ..] ? inside : items)
            .Select(item => (item.Label, item.Detail ?? item.Documentation ?? ""));
    }

    private static string Text(IEnumerable<(string Word, string Meaning)> words) => "words\n" + string.Concat(
        words.Select(word => word.Meaning.Length > 0 ? $"{word.Word}\t{word.Meaning}\n" : word.Word + "\n"));
}
