using System.CommandLine;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary>The options by which a command gets its engine.</summary>
internal static class InjectorOptions
{
    /// <summary><c>--config</c>.</summary>
    public static Option<string?> Config() => new("--config", "-c") { Description = "The configuration file", HelpName = "FILE" };

    /// <summary>The engine of a configuration file, or of the built-in configuration; null, and a message, where the file
    /// can't be used.</summary>
    public static Injector? Load(string? file, Terminal terminal)
    {
        if (file is null)
        {
            return new(RunnerConfiguration.BuiltIn, ProgramVersion.Text);
        }

        try
        {
            if (ConfigurationFile.Read(File.ReadAllText(file), file, out var mistakes) is { } configuration)
            {
                return new(configuration, ProgramVersion.Text);
            }

            foreach (var mistake in mistakes)
            {
                terminal.Error.WriteLine(mistake);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"runner-webhook: {e.Message}");
        }

        return null;
    }
}
