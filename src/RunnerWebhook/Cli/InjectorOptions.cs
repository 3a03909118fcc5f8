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

    /// <summary>The engine of a configuration file, or of the built-in configuration; null, and a message, where the file
    /// can't be used.</summary>
    public Injector? Load(ParseResult result, Terminal terminal)
    {
        var (file, kubernetes) = (result.GetValue(Config), KubernetesVersionOption.Of(result, KubernetesVersion));
        var configuration = file is null ? RunnerConfiguration.BuiltIn : ConfigurationOption.Load(file, terminal);
        return configuration is null ? null : new(configuration, ProgramVersion.Text) { Kubernetes = kubernetes };
    }
}
