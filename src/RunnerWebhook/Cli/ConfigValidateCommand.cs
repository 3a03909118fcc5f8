using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Cli;

/// <summary><c>config validate</c>: every mistake of a configuration, and what is valid but hardly meant.</summary>
internal static class ConfigValidateCommand
{
    /// <summary>The command <c>config validate</c>.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = ConfigCommand.File(required: true);
        var strict = new Option<bool>("--strict") { Description = "Take warnings for errors" };
        var output = new Option<string>("--output", "-o")
        {
            Description = "text or json",
            HelpName = "text|json",
            DefaultValueFactory = _ => "text",
        };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("validate", "Check a configuration file: every mistake with its line, and warnings")
        {
            file, strict, output,
        };
        command.SetAction(result =>
        {
            var name = result.GetValue(file)!;
            return ConfigCommand.Read(name, terminal) is { } text
                ? Report(terminal, name, text, result.GetValue(strict), result.GetValue(output) == "json")
                : ExitCode.Usage;
        });
        return command;
    }

    private static int Report(Terminal terminal, string file, ConfigurationText text, bool isStrict, bool asJson)
    {
        var warnings = Warnings(text);
        var isValid = text.Configuration is not null && !(isStrict && warnings.Length > 0);
        if (asJson)
        {
            terminal.Output.Write(JsonOutput.Write(Json(file, text, warnings, isValid)));
        }
        else
        {
            foreach (var mistake in text.Mistakes)
            {
                terminal.Error.WriteLine(mistake.In(file));
            }

            foreach (var warning in warnings)
            {
                terminal.Error.WriteLine(warning.In(file, isStrict ? "" : "warning: "));
            }

            if (isValid)
            {
                terminal.Output.WriteLine(Summary(file, text.Configuration!));
            }
        }

        terminal.Output.Flush();
        return isValid ? ExitCode.Fine : ExitCode.Failed;
    }

    private static ConfigurationMistake[] Warnings(ConfigurationText text) => text.Configuration is null ? [] :
    [
        .. ConfigurationAdvice.Of(text.Configuration).Select(advice =>
        {
            var (line, column) = text.Document!.PositionOf(advice.Path, advice.Key);
            return new ConfigurationMistake(line, column, FieldPath.Of(advice.Path), advice.Problem);
        }).OrderBy(warning => (warning.Line, warning.Column)),
    ];

    private static string Summary(string file, RunnerConfiguration configuration)
    {
        var profiles = Counted(configuration.Profiles.Count, "profile");
        var rules = configuration.Policy is { } policy ? Counted(policy.Length, "rule") : "no policy";
        return $"{file}: valid: {profiles}, {rules}, revision {Revision(configuration)}";
    }

    private static string Revision(RunnerConfiguration configuration) => ProfileWriter.Revision(configuration.Default);

    private static string Counted(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static JsonObject Json(
        string file, ConfigurationText text, ConfigurationMistake[] warnings, bool isValid) => new()
        {
            ["file"] = file,
            ["valid"] = isValid,
            ["profiles"] = text.Configuration?.Profiles.Count,
            ["rules"] = text.Configuration?.Policy?.Length,
            ["revision"] = text.Configuration is { } configuration ? Revision(configuration) : null,
            ["errors"] = Json(text.Mistakes),
            ["warnings"] = Json(warnings),
        };

    private static JsonArray Json(IEnumerable<ConfigurationMistake> mistakes) =>
        [.. mistakes.Select(mistake => (JsonNode)new JsonObject
        {
            ["line"] = mistake.Line,
            ["column"] = mistake.Column,
            ["field"] = mistake.Field,
            ["message"] = mistake.Problem,
        })];
}
