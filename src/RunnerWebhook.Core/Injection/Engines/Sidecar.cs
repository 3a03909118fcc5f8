using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>A container that runs next to the runner's.</summary>
/// <param name="Container">The container.</param>
/// <param name="IsNative">Whether it is an init container with <c>restartPolicy: Always</c>.</param>
/// <param name="Setting">The setting that names it.</param>
/// <param name="Hints">What the user should know of it.</param>
internal sealed record Sidecar(JsonObject Container, bool IsNative, string Setting, ImmutableArray<Finding> Hints)
{
    /// <summary>Its name.</summary>
    public string Name => (string)Container["name"]!;
}
