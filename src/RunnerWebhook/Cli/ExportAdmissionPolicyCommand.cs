using System.CommandLine;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Exporting;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Cli;

/// <summary><c>export admission-policy</c>: the configuration as policies of the API server, which need no webhook.</summary>
internal sealed class ExportAdmissionPolicyCommand : Verb
{
    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "The configuration file",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _name =
        CommandOption.Name("--name", "What the names of the objects begin with", AdmissionPolicies.UsualName);

    private readonly Option<string> _output = CommandOption.Output("yaml or json", "yaml", "json");
    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "Fail if the policies can't do all that the webhook does",
    };

    public ExportAdmissionPolicyCommand(Terminal terminal) : base("admission-policy",
        "Print the MutatingAdmissionPolicies that inject without a webhook (Kubernetes 1.36), and those that refuse", terminal) =>
        Add(_config, _name, _output, _strict);

    protected override Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        var file = result.GetValue(_config)!;
        var configuration = ConfigurationOption.Load(file);
        var isStrict = result.GetValue(_strict);
        var gaps = ExportGaps.Of(configuration).ToArray();
        Terminal.List(gaps.Select(gap => $"{file}: {(isStrict ? "" : "not covered: ")}{gap}"));
        if (isStrict && gaps.Length > 0)
        {
            Terminal.Say("no policy printed because of the gaps above");
            return Task.FromResult(ExitCode.Failed);
        }

        // No gap of the configuration: it is so for every one, and in this one case alone.
        if (configuration.DaemonSets == DaemonSetInjection.Template)
        {
            Terminal.Say($"note: {ExportGaps.OnUpdate}");
        }

        var objects = AdmissionPolicies.Of(configuration, ProgramVersion.Text, result.GetValue(_name)!);
        Terminal.Print(result.GetValue(_output) == "json"
            ? JsonOutput.Write(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "List",
                ["items"] = new JsonArray([.. objects.Select(policy => (JsonNode?)policy)]),
            })
            : string.Join("---\n", objects.Select(policy => YamlWriter.Write(JsonText.ToElement(policy)))));
        return Task.FromResult(ExitCode.Fine);
    }
}
