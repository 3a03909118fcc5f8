using System.CommandLine;
using RunnerWebhook.Configuration;

namespace RunnerWebhook.Cli;

/// <summary><c>config</c>: the commands about the configuration file.</summary>
internal static class ConfigCommand
{
    private const string StandardInput = "-";

    /// <summary>The command with its verbs.</summary>
    public static Command Create(Terminal terminal) =>
        new("config", "Check and show the configuration, and list what can be set in it")
        {
            new ConfigValidateCommand(terminal),
            new ConfigShowCommand(terminal),
            new ConfigSchemaCommand(terminal),
            new ConfigOptionsCommand(terminal),
        };

    /// <summary><c>--filename</c>; also <c>--config</c>, as in the other commands.</summary>
    public static Option<string?> File(bool required) => new("--filename", "-f", "--config", "-c")
    {
        Description = "The configuration file, or - for standard input",
        HelpName = "FILE|-",
        Required = required,
    };

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="CommandException">The file can't be read.</exception>
    public static ConfigurationText Read(string file, Terminal terminal) => CommandException.Reading(() =>
        ConfigurationFile.Parse(file == StandardInput
            ? ConfigurationFile.ReadBytes(terminal.Input)
            : ConfigurationFile.ReadBytes(file)));
}
