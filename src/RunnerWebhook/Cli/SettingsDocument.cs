using System.Text;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Cli;

/// <summary>The settings' reference as a document: <c>src/docs/settings.md</c>.</summary>
internal static class SettingsDocument
{
    private const string Introduction = """
        # Settings

        Written by `./dev docs` from the tables that the program itself uses (`runner-webhook config options -o markdown`): edit
        those, not this file.

        ## Who may set what

        What comes later wins. `explain` shows what holds for one workload, and where it comes from; `config show` for a whole
        configuration, or for a namespace.

        | layer | where | sets |
        | --- | --- | --- |
        | built-in | the program | everything |
        | profile | `profiles.NAME` of the configuration | everything |
        | namespace rule | `policy[].register` of the configuration | register options, and which profile |
        | namespace | annotations of the Namespace, with `watchNamespaces` | register options, and what has an annotation |
        | workload | annotations of the workload | the same |
        | pod template | annotations of its pod template | the same |

        Where there is a policy, its rule has to let annotations pass: `allow.annotations`, `allow.namespaceAnnotations`.
        An empty text or list takes back what a lower layer says. A token never goes into an annotation.

        ## Register options

        The options of `gitlab-runner register`, under their own names: in `register` of a profile or a rule, and as
        annotations `gitlab-runner/NAME`. A list is a YAML list, or in an annotation values between commas, or JSON. A JSON
        object may be a YAML mapping. What is marked *GitLab* is kept by GitLab and not by the runner: with
        `token.mode: authentication` it has no effect, and is left out. What is marked *secret* is a credential, which
        everyone can read who may read the pods. Variables are what `register`
        reads too.

        """;

    /// <summary>The whole document.</summary>
    public static string Write()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        Options(text, "The runner", option => !IsIn(option, "docker") && !IsIn(option, "cache"));
        Options(text, "Jobs: the docker executor", option => IsIn(option, "docker"));
        Options(text, "The distributed cache", option => IsIn(option, "cache"));
        Table(text, "### Options that can't be set", ["option", "why"],
            SettingsReference.Reserved().Select(row => new[] { Code(row.Name), row.Meaning }));
        Table(text, "## Other annotations", ["annotation", "sets", "takes", "meaning"],
            SettingsReference.Annotations().Select(row => new[]
            {
                Code(WellKnown.AnnotationPrefix + row.Name), row.Field.Length > 0 ? Code(row.Field) : "", row.Takes, row.Meaning,
            }));
        Table(text, "## Keys of the configuration", ["key", "takes", "built-in", "meaning"],
            SettingsReference.Keys().Select(row => new[]
            {
                Code(row.Name), row.Takes, row.Default.Length > 0 ? Code(row.Default) : "", row.Meaning,
            }));
        return text.ToString();
    }

    private static bool IsIn(RegisterOption option, string section) =>
        option.Key.StartsWith("[runners." + section, StringComparison.Ordinal);

    private static void Options(StringBuilder text, string title, Func<RegisterOption, bool> isHere) => Table(
        text, "### " + title, ["option", "takes", "meaning", "in config.toml", "variable", "since"],
        RegisterOptions.All.Where(isHere).Select(option => new[]
        {
            Code(option.Name),
            SettingsReference.Takes(option),
            option.Meaning + (option.ServerSide ? " *(GitLab)*" : "") + (option.Secret ? " *(secret)*" : ""),
            option.Key.Length > 0 ? Code(option.Key) : "",
            option.Variable.Length > 0 ? Code(option.Variable) : "",
            option.Since,
        }));

    private static void Table(StringBuilder text, string title, string[] columns, IEnumerable<string[]> rows)
    {
        text.Append(text[^2] == '\n' ? "" : "\n").Append(title).Append("\n\n");
        Row(text, columns);
        Row(text, [.. columns.Select(_ => "---")]);
        foreach (var row in rows)
        {
            Row(text, row);
        }
    }

    private static void Row(StringBuilder text, string[] cells) => text.Append("| ")
        .AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    private static string Code(string text) => $"`{text}`";
}
