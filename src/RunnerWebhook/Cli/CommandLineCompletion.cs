using System.CommandLine;

namespace RunnerWebhook.Cli;

/// <summary>
/// What may stand where the cursor is: the answer to the scripts that <see cref="CompletionCommand"/> prints. What an option
/// takes is read from its help: words in small letters are words, <c>FILE</c> and <c>DIR</c> are paths.
/// </summary>
internal static class CommandLineCompletion
{
    /// <summary>The word by which the scripts ask; the words of the command line follow, the one at the cursor last.</summary>
    public const string Verb = "__complete";

    /// <summary>The answer: <c>words</c>, <c>files</c> or <c>folders</c> on the first line; then the words, each on a line,
    /// with a tab and what it means.</summary>
    public static string Answer(RootCommand root, string[] words)
    {
        var (before, current) = words is [.. var first, var last] ? (first, last) : ([], "");
        Command command = root;
        Option? waiting = null;
        var used = new HashSet<Option>();
        foreach (var word in before)
        {
            if (waiting is not null)
            {
                waiting = null;
            }
            else if (word == "--")
            {
                return Text([]);
            }
            else if (Find(command, word.Split('=')[0]) is { } option)
            {
                used.Add(option);
                waiting = TakesValue(option) && !word.Contains('=', StringComparison.Ordinal) ? option : null;
            }
            else
            {
                command = command.Subcommands.FirstOrDefault(inner => inner.Name == word) ?? command;
            }
        }

        if (waiting is not null)
        {
            return Values(waiting, () => root.Parse(before[..^1]), current);
        }

        if (current.Split('=', 2) is [var name, var value] && Find(command, name) is { } stated)
        {
            return Values(stated, () => root.Parse(before), value);
        }

        var inside = command.Subcommands.Where(inner => !inner.Hidden).Select(inner => (inner.Name, inner.Description ?? ""))
            .Concat(command.Arguments.SelectMany(argument => Words(argument.HelpName)))
            .Where(item => item.Item1.StartsWith(current, StringComparison.Ordinal)).ToArray();
        return Text(inside.Length > 0 || current.Length > 0 && current[0] != '-' ? inside : Options(command, used, current));
    }

    private static IEnumerable<(string, string)> Options(Command command, HashSet<Option> used, string current) =>
        KnownIn(command).Where(option => !option.Hidden && (!used.Contains(option) || option.ValueType.IsArray))
            .SelectMany(option => NamesOf(option).Where(name => name.StartsWith(current, StringComparison.Ordinal)
                    // A short name is offered to those who have typed it.
                    && (name.StartsWith("--", StringComparison.Ordinal) || name == current))
                .Select(name => (name, option.Description ?? "")));

    private static string Values(Option option, Func<ParseResult> before, string current)
    {
        if (Takes(option, "FILE") || Takes(option, "DIR"))
        {
            return Takes(option, "FILE") ? "files\n" : "folders\n";
        }

        var words = Words(option.HelpName).ToList();
        if (words.Count == 0)
        {
            words.AddRange(option.CompletionSources.SelectMany(source => source(before().GetCompletionContext()))
                .Select(item => (item.Label, "")));
        }

        return Text(words.Where(word => word.Item1.StartsWith(current, StringComparison.Ordinal)));
    }

    private static bool Takes(Option option, string path) => option.HelpName?.Split('|').Contains(path) == true;

    private static IEnumerable<(string, string)> Words(string? help) =>
        (help?.Split('|') ?? []).Where(word => word.Length > 0 && char.IsAsciiLetterLower(word[0])).Select(word => (word, ""));

    private static bool TakesValue(Option option) => option.Arity.MinimumNumberOfValues > 0;

    private static Option? Find(Command command, string name) =>
        KnownIn(command).FirstOrDefault(option => NamesOf(option).Contains(name));

    private static IEnumerable<Option> KnownIn(Command command) => command.Options.Concat(command.Parents.OfType<Command>()
        .SelectMany(KnownIn).Where(option => option.Recursive));

    private static IEnumerable<string> NamesOf(Option option) =>
        option.Aliases.Prepend(option.Name).Where(name => name.StartsWith('-'));

    private static string Text(IEnumerable<(string Word, string Meaning)> words) => "words\n" + string.Concat(
        words.Select(word => word.Meaning.Length > 0 ? $"{word.Word}\t{word.Meaning}\n" : word.Word + "\n"));
}
