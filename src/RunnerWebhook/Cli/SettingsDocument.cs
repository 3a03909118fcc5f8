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

        `./dev docs` writes this page from the tables that the program itself uses (`runner-webhook config options -o markdown`):
        edit those, not this file.

        ## Who may set what

        Later layers override earlier ones. `explain` shows the settings of one workload with their origin; `config show` does so
        for a configuration, or for a namespace.

        | layer | where | sets |
        | --- | --- | --- |
        | built-in | the program | everything |
        | profile | `profiles.NAME` of the configuration | everything |
        | namespace rule | `policy[].register` of the configuration | register options, and which profile |
        | namespace | annotations of the Namespace, with `watchNamespaces` | register options, and what has an annotation |
        | workload | annotations of the workload | the same |
        | pod template | annotations of its pod template | the same |

        If there is a policy, its rule has to allow the annotations: `allow.annotations`, `allow.namespaceAnnotations`.
        An empty text or list removes what an earlier layer set. A token never goes into an annotation.

        ## Register options

        The options of `gitlab-runner register`, under their own names: in `register` of a profile or a rule, and as
        annotations `gitlab-runner/NAME`. Write a list as a YAML list; in an annotation separate its values with commas, or write
        JSON. A JSON object may be a YAML mapping. GitLab, not the runner, keeps options that are marked *GitLab*: with
        `token.mode: authentication` they have no effect, and are left out. Options that are marked *secret* are credentials:
        everyone who may read the pods can read them. `register` also reads the variables.

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
