using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Cli;

/// <summary><c>config validate</c>: every mistake of a configuration, and what is valid but unlikely to be meant.</summary>
internal sealed class ConfigValidateCommand : Verb
{
    private readonly Option<string?> _file = ConfigCommand.File(required: true);
    private readonly Option<bool> _strict = new("--strict") { Description = "Treat warnings as errors" };
    private readonly Option<string> _output = CommandOption.Output("text or json", "text", "json");

    public ConfigValidateCommand(Terminal terminal)
        : base("validate", "Check a configuration file: every mistake with its line, and warnings", terminal) =>
        Add(_file, _strict, _output);

    protected override Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var file = result.GetValue(_file)!;
        var isStrict = result.GetValue(_strict);
        var text = ConfigCommand.Read(file, Terminal);
        var warnings = Warnings(text);
        var isValid = text.Configuration is not null && !(isStrict && warnings.Length > 0);
        if (result.GetValue(_output) == "json")
        {
            Terminal.Print(JsonOutput.Write(Json(file, text, warnings, isValid)));
        }
        else
        {
            Terminal.List(text.Mistakes.Select(mistake => mistake.In(file)));
            Terminal.List(warnings.Select(warning => warning.In(file, isStrict ? "" : "warning: ")));
            Terminal.Print(isValid ? Summary(file, text.Configuration!) + "\n" : "");
        }

        return Task.FromResult(isValid ? ExitCode.Fine : ExitCode.Failed);
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
        return $"{file}: valid: {profiles}, {rules}, revision {ConfigurationWriter.Revision(configuration)}";
    }

    private static string Counted(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static JsonObject Json(
        string file, ConfigurationText text, ConfigurationMistake[] warnings, bool isValid) => new()
        {
            ["file"] = file,
            ["valid"] = isValid,
            ["profiles"] = text.Configuration?.Profiles.Count,
            ["rules"] = text.Configuration?.Policy?.Length,
            ["revision"] = text.Configuration is { } configuration ? ConfigurationWriter.Revision(configuration) : null,
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
