using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Cli;

/// <summary>Whether a Secret is printed instead of written to the cluster.</summary>
internal sealed class TokenPrint
{
    private readonly Option<bool> _print = new("--print")
    {
        Description = "Print the Secret, token and all, instead of writing it to the cluster",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The same, in this format",
        HelpName = "yaml|json",
    };

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        _output.AcceptOnlyFromAmong("yaml", "json");
        command.Options.Add(_print);
        command.Options.Add(_output);
    }

    /// <summary>Whether the Secret is to be printed.</summary>
    public bool IsAsked(ParseResult result) => result.GetValue(_print) || result.GetValue(_output) is not null;

    /// <summary>Prints it.</summary>
    /// <exception cref="IOException">Standard output can't be written to.</exception>
    public void Print(ParseResult result, JsonObject secret, Terminal terminal)
    {
        terminal.Output.Write(result.GetValue(_output) == "json"
            ? JsonOutput.Write(secret)
            : YamlWriter.Write(JsonElement.Parse(secret.ToJsonString())));
        terminal.Output.Flush();
        terminal.Tell("the runner's token stands on standard output, as was asked: "
            + "keep it from logs and shell history");
    }
}
