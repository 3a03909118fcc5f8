using System.CommandLine;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary>The configuration file that a command line names.</summary>
internal static class ConfigurationOption
{
    /// <summary>The option.</summary>
    public static Option<string?> Create() => new("--config", "-c") { Description = "The configuration file", HelpName = "FILE" };

    /// <summary><c>--profile</c>, which names a profile of the file in another option.</summary>
    public static Option<string?> Profile(string description, Option<string?> config)
    {
        var profile = new Option<string?>("--profile") { Description = description, HelpName = "NAME" };
        profile.CompletionSources.Add(context => context.ParseResult.GetValue(config) is { } file ? Profiles(file) : []);
        return profile;
    }

    // Completion must not fail. A shell does not expand ~ in --config=~/x.
    private static IEnumerable<string> Profiles(string file)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        try
        {
            var content = ConfigurationFile.ReadBytes(file.StartsWith("~/", StringComparison.Ordinal) ? home + file[1..] : file);
            return ConfigurationFile.Parse(content).Configuration is { } configuration
                ? configuration.Profiles.Keys.Order(StringComparer.Ordinal)
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="CommandException">It can't be read, or has mistakes.</exception>
    public static RunnerConfiguration Load(string file)
    {
        var content = CommandException.Reading(() => ConfigurationFile.ReadBytes(file));
        return ConfigurationFile.Read(content, file, out var mistakes) ?? throw CommandException.Invalid(mistakes);
    }
}
