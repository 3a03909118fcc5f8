using System.Collections.Immutable;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Commands that write a file whose name they are given.</summary>
internal static class FileWriter
{
    /// <summary>The files that a simple command writes; null if it is none that writes.</summary>
    public static IEnumerable<string>? Targets(ImmutableArray<string> words) => CommandWrappers.ProgramOf(words[0]) switch
    {
        ShellScript.Output or "tee" => words[1..],
        "cp" or "mv" or "install" or "ln" when words.Length > 1 => Copied(words),
        "curl" or "wget" => words.Where((_, at) => at > 0 && IsOutput(words[at - 1])),
        _ => null,
    };

    // Short flags go together, as in -sSLo.
    private static bool IsOutput(string flag) => flag is "--output" or "--output-document"
        || (flag.StartsWith('-') && !flag.StartsWith("--", StringComparison.Ordinal) && flag[^1] is 'o' or 'O');

    // Into a folder each file goes by its own name.
    private static IEnumerable<string> Copied(ImmutableArray<string> words) =>
        words[1..^1].Select(source => $"{words[^1].TrimEnd('/')}/{CommandWrappers.ProgramOf(source)}").Append(words[^1]);
}
