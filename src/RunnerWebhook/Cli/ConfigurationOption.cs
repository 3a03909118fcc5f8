using System.CommandLine;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary>The configuration file that a command line names.</summary>
internal static class ConfigurationOption
{
    /// <summary>The option.</summary>
    public static Option<string?> Create() => new("--config", "-c") { Description = "The configuration file", HelpName = "FILE" };

    /// <summary>Reads it; null, and messages, where it can't be used.</summary>
    public static RunnerConfiguration? Load(string file, Terminal terminal)
    {
        try
        {
            var configuration = ConfigurationFile.Read(ConfigurationFile.ReadBytes(file), file, out var mistakes);
            foreach (var mistake in mistakes)
            {
                terminal.Error.WriteLine(mistake);
            }

            return configuration;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Tell(e.Message);
            return null;
        }
    }
}
