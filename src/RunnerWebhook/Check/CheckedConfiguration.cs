using System.Collections.Immutable;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The configuration that workloads are judged by.</summary>
/// <param name="Place">Where it is, in words.</param>
/// <param name="Injector">The engine with it; null if it can't be used.</param>
/// <param name="Problem">Why it can't be read; null if it can.</param>
/// <param name="Mistakes">Its mistakes; empty without.</param>
internal sealed record CheckedConfiguration(
    string Place, Injector? Injector, string? Problem, ImmutableArray<string> Mistakes)
{
    /// <summary>A configuration that was not read.</summary>
    public static CheckedConfiguration None { get; } = new("the configuration", null, "nothing else was read", []);

    /// <summary>Reads a configuration.</summary>
    /// <param name="place">Where it is, in words.</param>
    /// <param name="file">How its mistakes name it.</param>
    /// <param name="text">Its content.</param>
    public static CheckedConfiguration Read(string place, string file, string text) =>
        ConfigurationFile.Read(text, file, out var mistakes) is { } configuration
            ? new(place, new(configuration, ProgramVersion.Text), null, [])
            : new(place, null, null, mistakes);

    /// <summary>The same in a cluster of a release, as the webhook there applies it.</summary>
    public CheckedConfiguration For(KubernetesVersion? release) => Injector is null ? this
        : this with { Injector = new(Injector.Configuration, ProgramVersion.Text) { Kubernetes = release } };
}
