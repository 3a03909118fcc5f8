using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Cli;

/// <summary><c>config options</c>: everything that can be set.</summary>
internal sealed class ConfigOptionsCommand : Verb
{
    private readonly Argument<string?> _path = new("path")
    {
        Description = "A key, a section or an annotation, as in engine.dind, to show alone",
        HelpName = "PATH",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _output = CommandOption.Output("table, json or markdown", "table", "json", "markdown");

    public ConfigOptionsCommand(Terminal terminal)
        : base("options", "List everything that can be set: register options, annotations, keys", terminal)
    {
        _path.CompletionSources.Add(_ => SettingPath.Names.Select(name => new CompletionItem(name)));
        Validators.Add(result =>
        {
            if (result.GetValue(_path) is not null && result.GetValue(_output) == "markdown")
            {
                result.AddError("--output markdown is the whole reference: leave the path out");
            }
        });
        Arguments.Add(_path);
        Add(_output);
    }

    protected override Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        if (result.GetValue(_path) is { } path)
        {
            var rows = SettingPath.Find(path);
            var near = rows.Length > 0 ? "" : Suggestion.For(path, SettingPath.Names);
            Terminal.Print(rows.Length == 0
                ? throw CommandException.Usage($"there is no setting '{path}'{near}; config options lists all")
                : result.GetValue(_output) == "json" ? JsonOutput.Write(Rows(rows)) : Detail(rows));
            return Task.FromResult(ExitCode.Fine);
        }

        Terminal.Print(result.GetValue(_output) switch
        {
            "json" => JsonOutput.Write(Json()),
            "markdown" => SettingsDocument.Write(),
            _ => Table(),
        });
        return Task.FromResult(ExitCode.Fine);
    }

    private static string Table()
    {
        var text = new StringBuilder();
        Section(text, "REGISTER OPTIONS (in a profile's or a rule's register, and as annotations)",
            RegisterOptions.All.Select(option => (option.Name, option.Meaning + Mark(option))));
        Section(text, $"OTHER ANNOTATIONS ({WellKnown.AnnotationPrefix}…)",
            SettingsReference.Annotations().Select(row => (row.Name, row.Meaning)));
        Section(text, "KEYS OF THE CONFIGURATION", SettingsReference.Keys().Select(row => (row.Name, row.Meaning)));
        return text.ToString();
    }

    private static string Detail(SettingRow[] rows) => string.Join('\n', rows.Select(row => $"{row.Name}\n"
        + $"  meaning     {row.Meaning}\n"
        + $"  takes       {row.Takes}\n"
        + $"  default     {(row.Default.Length > 0 ? row.Default : "none")}\n"
        + $"  annotation  {(row.Annotation.Length > 0 ? WellKnown.AnnotationPrefix + row.Annotation : "none")}\n"));

    private static string Mark(RegisterOption option) =>
        option.ServerSide ? " [GitLab]" : option.Secret ? " [secret]" : "";

    private static void Section(StringBuilder text, string title, IEnumerable<(string Name, string Meaning)> rows)
    {
        var all = rows.ToArray();
        var width = all.Max(row => row.Name.Length);
        text.Append(text.Length > 0 ? "\n" : "").Append(title).Append('\n');
        foreach (var (name, meaning) in all)
        {
            text.Append("  ").Append(name.PadRight(width)).Append("  ").Append(meaning).Append('\n');
        }
    }

    private static JsonObject Json() => new()
    {
        ["register"] = new JsonArray([.. RegisterOptions.All.Select(option => (JsonNode)new JsonObject
        {
            ["name"] = option.Name,
            ["kind"] = Word(option.Kind.ToString()),
            ["list"] = option.IsList,
            ["takes"] = SettingsReference.Takes(option),
            ["meaning"] = option.Meaning,
            ["serverSide"] = option.ServerSide,
            ["secret"] = option.Secret,
            ["since"] = option.Since,
            ["key"] = option.Key,
            ["variable"] = option.Variable,
        })]),
        ["annotations"] = Rows(SettingsReference.Annotations()),
        ["keys"] = Rows(SettingsReference.Keys()),
    };

    private static JsonArray Rows(IEnumerable<SettingRow> rows) => [.. rows.Select(row =>
    {
        var json = new JsonObject { ["name"] = row.Name, ["takes"] = row.Takes, ["meaning"] = row.Meaning };
        if (row.Field.Length > 0)
        {
            json["field"] = row.Field;
        }

        if (row.Annotation.Length > 0)
        {
            json["annotation"] = WellKnown.AnnotationPrefix + row.Annotation;
        }

        if (row.Default.Length > 0)
        {
            json["default"] = JsonNode.Parse(row.Default);
        }

        return (JsonNode)json;
    })];

    private static string Word(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
