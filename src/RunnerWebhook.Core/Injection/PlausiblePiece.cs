using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>Whether what a record claims can be a piece of ours at all. Anyone who writes the object can write the record, and
/// compute digests: a forged one names other people's containers, volumes and mounts.</summary>
internal static class PlausiblePiece
{
    private static readonly string[] RunnerFolders =
    [
        WellKnown.RunnerDirectory, WellKnown.CertificatesDirectory, WellKnown.DockerTlsDirectory, WellKnown.DindDirectory,
    ];

    // The digest of the only hooks that version 0.1.0 injected: a script of several lines, after which nothing names it.
    private const string EarlierHooks = "97eafa6095fc";

    /// <summary>Whether this program could have put the value there.</summary>
    public static bool IsOne(PodTemplate template, InjectionStatus status, PieceAddress address, JsonElement value) =>
        address.Kind switch
        {
            PieceKind.InitContainer => IsRegistration(value) || IsEngine(value),
            PieceKind.Container => IsEngine(value),
            PieceKind.Volume => IsVolume(address.Name, value),
            PieceKind.Variable => HasOnly(value, "name", "value") && value.Text("value").StartsWith('/'),
            PieceKind.Mount => IsMount(template, status, address.Name, value),
            PieceKind.Hooks => (HasOnly(value, "preStop") && IsHook(value.At("preStop")))
                || PieceDigest.Of(JsonText.ToNode(value)!) == EarlierHooks,
            PieceKind.StopHook => IsHook(value),
            PieceKind.HostUsers => value.ValueKind == JsonValueKind.False && HasEngine(status),
            _ => true,
        };

    /// <summary>Whether the value can be a changed piece of ours.</summary>
    public static bool MayHaveBeenOne(PieceAddress address, JsonElement value) => address.Kind switch
    {
        PieceKind.InitContainer or PieceKind.Container => Words(value).Any(word =>
            word.Contains("register", StringComparison.Ordinal) || word.Contains("dockerd", StringComparison.Ordinal)
            || word.Contains("podman", StringComparison.Ordinal)),
        PieceKind.Volume => HasOnly(value, "name", "emptyDir", "hostPath", "secret", "configMap"),
        _ => true,
    };

    private static bool IsRegistration(JsonElement container) => Words(container).ToArray()
        is ["gitlab-runner", "register", "--non-interactive", ..]
        or ["/bin/sh", "-c", _, "init-runner", "register", "--non-interactive", ..];

    // Docker has a socket in the folder that it shares with the runner; for Podman that folder is the usual one.
    private static bool IsEngine(JsonElement container) => Words(container).ToArray() is ["podman", .., "service", _, _]
        || Words(container).Any(word => word.Contains("unix://" + WellKnown.DindDirectory + "/", StringComparison.Ordinal));

    // One container more than the registration.
    private static bool HasEngine(InjectionStatus status) =>
        status.Pieces.Keys.Count(piece => piece.Kind is PieceKind.InitContainer or PieceKind.Container) > 1;

    private static bool IsVolume(string name, JsonElement volume) =>
        HasOnly(volume, "name", "emptyDir") ? HasOnly(volume.At("emptyDir"), "medium", "sizeLimit")
        : HasOnly(volume, "name", "hostPath") ? HasOnly(volume.At("hostPath"), "path", "type")
        : HasOnly(volume, "name", "secret") ? WellKnown.VolumeNames.Contains(name)
            && HasOnly(volume.At("secret"), "secretName", "items", "defaultMode")
        : HasOnly(volume, "name", "configMap") && WellKnown.VolumeNames.Contains(name)
            && HasOnly(volume.At("configMap"), "name", "items", "defaultMode");

    // A place of ours, the node's socket at its own path, or what a container of ours has at the same place.
    private static bool IsMount(PodTemplate template, InjectionStatus status, string path, JsonElement mount)
    {
        var volume = mount.Text("name");
        return HasOnly(mount, "name", "mountPath", "readOnly") && mount.IsTrue("readOnly")
            && (RunnerFolders.Any(folder => VolumeMount.SamePath(folder, path))
                || (template.VolumeNamed(volume)?.HostPath is { } host && VolumeMount.SamePath(host, path))
                || ConfigFolderOf(template, status) is { } own && VolumeMount.SamePath(own, path)
                || template.InitContainers.Any(init => status.Pieces.ContainsKey(PieceAddress.InitContainer(init.Name))
                    && init.MountAt(path)?.Name == volume));
    }

    private static string? ConfigFolderOf(PodTemplate template, InjectionStatus status)
    {
        var file = template.Containers.FirstOrDefault(container => container.Name == status.Container)?.Env
            .LastOrDefault(variable => variable.Name == ConfigFile.Variable)?.Value;
        return file?.LastIndexOf('/') is > 0 and var end ? file[..end] : null;
    }

    private static bool IsHook(JsonElement? hook) => hook is { } json && HasOnly(json, "exec") && json.At("exec") is { } exec
        && HasOnly(exec, "command") && exec.Texts("command").ToArray() switch
        {
            ["/bin/sh", var file, "unregister"] => file.EndsWith("/" + Scripts.HookFile, StringComparison.Ordinal),
            ["/bin/sh", "-c", _, "init-runner", "unregister"] => true,
            _ => false,
        };

    private static bool HasOnly(JsonElement? json, params ReadOnlySpan<string> names)
    {
        if (json is not { ValueKind: JsonValueKind.Object } map)
        {
            return json is null or { ValueKind: JsonValueKind.Null };
        }

        foreach (var member in map.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && !names.Contains(member.Name))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<string> Words(JsonElement container) =>
        container.Texts("command").Concat(container.Texts("args"));
}
