using System.Collections.Immutable;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Check;

/// <summary>The configuration that workloads are judged by.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Injector">The engine with it; null where it can't be had.</param>
/// <param name="Problem">Why it can't be read; null where it can.</param>
/// <param name="Mistakes">What is wrong with it; empty where nothing is.</param>
internal sealed record CheckedConfiguration(
    string Place, Injector? Injector, string? Problem, ImmutableArray<string> Mistakes)
{
    /// <summary>A configuration that nobody has tried to read.</summary>
    public static CheckedConfiguration None { get; } = new("the configuration", null, "nothing else was read", []);

    /// <summary>Reads a configuration.</summary>
    /// <param name="place">Where it stands, in words.</param>
    /// <param name="file">How its mistakes name it.</param>
    /// <param name="text">Its content.</param>
    public static CheckedConfiguration Read(string place, string file, string text) =>
        ConfigurationFile.Read(text, file, out var mistakes) is { } configuration
            ? new(place, new(configuration, ProgramVersion.Text), null, [])
            : new(place, null, null, mistakes);
}
