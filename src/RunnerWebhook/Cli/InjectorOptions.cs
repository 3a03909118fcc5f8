using System.CommandLine;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary>The options by which a command gets its engine.</summary>
internal sealed class InjectorOptions
{
    /// <summary><c>--config</c>.</summary>
    public Option<string?> Config { get; } = ConfigurationOption.Create();

    /// <summary><c>--kubernetes-version</c>.</summary>
    public Option<string?> KubernetesVersion { get; } = KubernetesVersionOption.Create();

    /// <summary>The engine of a configuration file, or of the built-in configuration.</summary>
    /// <exception cref="CommandException">The file can't be used.</exception>
    public Injector Load(ParseResult result)
    {
        var configuration = result.GetValue(Config) is { } file ? ConfigurationOption.Load(file) : RunnerConfiguration.BuiltIn;
        return new(configuration, ProgramVersion.Text) { Kubernetes = KubernetesVersionOption.Of(result, KubernetesVersion) };
    }
}
