namespace RunnerWebhook.Core.Workloads;

/// <summary>Finds what registers a runner in a pod template: <c>gitlab-runner register</c> in any container, or a command that
/// writes the runner's configuration file itself, in an init container.</summary>
public static class HandRegistration
{
    /// <summary>The container that registers a runner for the runner container: itself, or another one that shares a volume with
    /// it; null if none does.</summary>
    /// <param name="template">The pod template.</param>
    /// <param name="runner">The runner container in it.</param>
    /// <param name="configFile">Finds the configuration file that the runner reads; null if that can't be seen.</param>
    public static string? Find(PodTemplate template, Container runner, Func<string?> configFile)
    {
        if (RunnerCommand.OfRunner(runner).Any(call => call.Registers))
        {
            return $"container {runner.Name}";
        }

        // Read only if an init container may write it, and once.
        var file = new Lazy<string?>(configFile);
        var init = template.InitContainers.FirstOrDefault(IsByHand);
        var other = template.Containers.FirstOrDefault(own => own.Index != runner.Index && IsFor(template, own, runner));
        return init is not null ? $"init container {init.Name}" : other is not null ? $"container {other.Name}" : null;

        bool IsByHand(Container own) => IsFor(template, own, runner)
            || (SharesVolume(template, own, runner) && file.Value is { } path && Writes(own, path, runner));
    }

    /// <summary>Whether a container other than the runner's registers a runner.</summary>
    public static bool Registers(Container container, string runnerImage) =>
        RunnerCommand.OfOther(container, runnerImage).Any(call => call.Registers);

    /// <summary>Whether a container registers a runner for the runner container: they share a volume.</summary>
    public static bool IsFor(PodTemplate template, Container other, Container runner) =>
        SharesVolume(template, other, runner) && Registers(other, runner.Image);

    // In the volume that the runner has the file from, which may be mounted at another path here.
    private static bool Writes(Container other, string file, Container runner) => runner.MountOf(file) is { } mount
        && RunnerCommand.Written(other).Any(written => other.MountOf(written) is { } own && own.Name == mount.Name
            && PlaceIn(own, written) == PlaceIn(mount, file));

    private static string PlaceIn(VolumeMount mount, string path) =>
        VolumeMount.WithoutDetours($"{mount.SubPath}/{path[Math.Min(mount.MountPath.Length, path.Length)..]}");

    private static bool SharesVolume(PodTemplate template, Container other, Container runner) =>
        other.Mounts.Any(mount => !mount.IsServiceAccount && template.VolumeNamed(mount.Name) is not null
            && runner.Mounts.Any(own => own.Name == mount.Name && !own.IsServiceAccount));
}
