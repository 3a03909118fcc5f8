using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>What the injection needs to know of one container; everything else stays raw in <see cref="Json"/>.</summary>
/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="Name">Its name; empty if the manifest gives none.</param>
/// <param name="Image">Its image; empty if the manifest gives none.</param>
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

    /// <summary>The innermost mount that a path lies in, or null.</summary>
    public VolumeMount? MountOf(string path) => Mounts
        .Where(mount => VolumeMount.SamePath(mount.MountPath, path) || VolumeMount.IsBelow(path, mount.MountPath))
        .MaxBy(mount => mount.MountPath.TrimEnd('/').Length);

    /// <summary>Its own environment variables, in their order.</summary>
    public IEnumerable<EnvVariable> Env => Json.List("env").Select(EnvVariable.Read);
}
