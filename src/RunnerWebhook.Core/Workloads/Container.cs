using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>What the injection needs to know of one container; everything else stays raw in <see cref="Json"/>.</summary>
/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="Name">Its name; empty where the manifest gives none.</param>
/// <param name="Image">Its image; empty where the manifest gives none.</param>
/// <param name="CommandLine"><c>command</c> followed by <c>args</c>.</param>
/// <param name="EnvNames">The names of its own environment variables.</param>
/// <param name="Mounts">Its volume mounts.</param>
/// <param name="Json">The container as it was sent.</param>
public sealed record Container(
    int Index,
    string Name,
    string Image,
    ImmutableArray<string> CommandLine,
    ImmutableArray<string> EnvNames,
    ImmutableArray<VolumeMount> Mounts,
    JsonElement Json)
{
    /// <summary>The mount at a path, or null.</summary>
    public VolumeMount? MountAt(string path) =>
        Mounts.FirstOrDefault(mount => VolumeMount.SamePath(mount.MountPath, path));

    /// <summary>A member of the container as it was sent, or null where it is absent or JSON null.</summary>
    public JsonElement? Field(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>
    /// Whether the container runs <c>gitlab-runner register</c>: directly, by a path that ends so, or somewhere in a
    /// shell script.
    /// </summary>
    public bool Registers
    {
        get
        {
            var words = CommandLine.SelectMany(arg => arg.Split(
                [' ', '\t', '\n', '\r', ';', '&', '|', '(', ')', '"', '\''], StringSplitOptions.RemoveEmptyEntries));
            return words.SkipWhile(word => word != "gitlab-runner"
                && !word.EndsWith("/gitlab-runner", StringComparison.Ordinal)).Contains("register");
        }
    }
}
