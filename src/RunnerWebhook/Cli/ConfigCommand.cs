using System.CommandLine;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary><c>config</c>: looks at the configuration file.</summary>
internal static class ConfigCommand
{
    private const string StandardInput = "-";

    /// <summary>The command <c>config</c>.</summary>
    public static Command Create(Terminal terminal) =>
        new("config", "Check and show the configuration, and what may be set in it")
        {
            ConfigValidateCommand.Create(terminal),
            ConfigShowCommand.Create(terminal),
            Schema(terminal),
            ConfigOptionsCommand.Create(terminal),
        };

    /// <summary><c>--filename</c>, which is <c>--config</c> too, as with the other commands.</summary>
    public static Option<string?> File(bool required) => new("--filename", "-f", "--config", "-c")
    {
        Description = "The configuration file, or - for standard input",
        HelpName = "FILE|-",
        Required = required,
    };

    private static Command Schema(Terminal terminal)
    {
        var command = new Command("schema", "Print the JSON Schema of the configuration file, for editors");
        command.SetAction(_ =>
        {
            terminal.Output.Write(JsonOutput.Write(ConfigurationSchema.Create()));
            terminal.Output.Flush();
        });
        return command;
    }

    /// <summary>Reads a configuration; null, and a message, where the file can't be read.</summary>
    public static ConfigurationText? Read(string file, Terminal terminal)
    {
        try
        {
            return ConfigurationFile.Parse(file == StandardInput
                ? ConfigurationFile.ReadBytes(terminal.Input)
                : ConfigurationFile.ReadBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"runner-webhook: {e.Message}");
            return null;
        }
    }
}
