using System.CommandLine;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary><c>config schema</c>: the JSON Schema of the configuration file.</summary>
internal sealed class ConfigSchemaCommand(Terminal terminal)
    : Verb("schema", "Print the JSON Schema of the configuration file, for editors", terminal)
{
    protected override Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        Terminal.Print(JsonOutput.Write(SettingsReference.Schema()));
        return Task.FromResult(ExitCode.Fine);
    }
}
