using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// A pod that is to get a runner, and what is known of it. It says what a piece means there: the user's own thing of the same
/// name serves in its place if it is the same, and is a conflict if it is not.
/// </summary>
internal sealed class RunnerPod
{
    private readonly ImmutableSortedDictionary<PieceAddress, string> _changed;

    /// <param name="workload">The object.</param>
    /// <param name="template">The user's part of its pod template.</param>
    /// <param name="runner">The runner container in that template.</param>
    /// <param name="profile">The settings.</param>
    /// <param name="changed">The recorded pieces that the user has changed since: they are the user's now, and kept.</param>
    public RunnerPod(Workload workload, PodTemplate template, Container runner, RunnerProfile profile,
        ImmutableSortedDictionary<PieceAddress, string> changed)
    {
        (Workload, Template, Runner, Profile, _changed) = (workload, template, runner, profile, changed);
        var folder = profile.ConfigVolume.MountPath;
        ConfigFile = ConfigFile.Find(runner, folder, out var problem) ?? new(folder, ConfigFile.UsualName);
        ConfigProblem = problem;
    }

    /// <summary>The object.</summary>
    public Workload Workload { get; }

    /// <summary>The user's part of its pod template.</summary>
    public PodTemplate Template { get; }

    /// <summary>The runner container.</summary>
    public Container Runner { get; }

    /// <summary>The settings.</summary>
    public RunnerProfile Profile { get; }

    /// <summary>The file that the runner reads; that of the settings if no registration can get to it.</summary>
    public ConfigFile ConfigFile { get; }

    /// <summary>Why no registration can get to the file that the runner reads; empty if one can.</summary>
    public string ConfigProblem { get; }

    /// <summary>The release of the cluster; null if it is unknown.</summary>
    public KubernetesVersion? Kubernetes { get; init; }

    /// <summary>The register options below all annotations; null if they are those of the profile.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>>? Unannotated { get; init; }

    /// <summary>The recorded pieces that the user has changed since.</summary>
    public IEnumerable<PieceAddress> Changed => _changed.Keys;

    /// <summary>Whether the user has changed a recorded piece.</summary>
    public bool IsChanged(PieceAddress address) => _changed.ContainsKey(address);

    /// <summary>A piece, unless the user has it already or has changed the one that was injected.</summary>
    public IEnumerable<Finding> Piece(Piece piece, bool exists = false)
    {
        // A piece that was changed back, or made by hand just as it would be today, counts as injected again.
        if (IsChanged(piece.Address) ? IsThere(piece) : !exists)
        {
            yield return Finding.Need(piece);
        }
        else if (IsChanged(piece.Address))
        {
            yield return Finding.Advise($"{piece.Address.Shown} was injected and has been changed since: it is kept as it is");
        }
    }

    /// <summary>A container, if no other has its name.</summary>
    /// <param name="piece">The container, with its address in either list.</param>
    /// <param name="setting">The setting that names it.</param>
    public IEnumerable<Finding> ContainerPiece(Piece piece, string setting)
    {
        var name = piece.Address.Name;
        var taken = Template.InitContainers.Concat(Template.Containers).FirstOrDefault(own => own.Name == name);
        if (taken is not null && !IsThere(piece)
            && !(IsChanged(piece.Address) && PlausiblePiece.MayHaveBeenOne(piece.Address, taken.Json)))
        {
            yield return Finding.Refuse(OutcomeCode.DeniedContainerConflict, $"a container named {name} exists already and is "
                + $"not the one that would be injected: rename it, or set {setting} in the configuration");
        }

        foreach (var finding in Piece(piece, taken is not null))
        {
            yield return finding;
        }
    }

    /// <summary>A volume, if no other has its name.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="need">Why another one won't do, to be read after "but".</param>
    /// <param name="setting">The setting that names it; empty if none does.</param>
    /// <param name="isSame">Whether a volume of the user's is the same thing, and serves in its place. Without it only an
    /// equal one does.</param>
    public IEnumerable<Finding> Volume(
        JsonObject volume, string need, string setting = "", Func<Volume, bool>? isSame = null)
    {
        var name = (string)volume["name"]!;
        var piece = new Piece(PieceAddress.Volume(name), volume);
        var taken = Template.VolumeNamed(name);
        if (taken is not null && !(isSame?.Invoke(taken)
            ?? (IsThere(piece) || (IsChanged(piece.Address) && volume.ContainsKey(taken.Source)))))
        {
            var source = taken.HostPath is { } path ? $"hostPath {path}" : $"of type {taken.Source}";
            yield return Finding.Refuse(OutcomeCode.DeniedVolumeConflict, $"volume {name} is {source}, but {need}: rename your "
                + (setting.Length > 0 ? $"volume, or set {setting} in the configuration" : "volume"));
        }

        foreach (var finding in Piece(piece, taken is not null))
        {
            yield return finding;
        }
    }

    /// <summary>An emptyDir, or the user's of that name.</summary>
    public IEnumerable<Finding> EmptyDir(string name, JsonObject emptyDir, string content, string setting = "") =>
        Volume(new() { ["name"] = name, ["emptyDir"] = emptyDir }, $"{content} needs an emptyDir", setting,
            volume => volume.IsEmptyDir);

    /// <summary>A mount of a whole volume in the runner container, read-only.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="mountPath">Where.</param>
    /// <param name="purpose">What belongs there, for messages.</param>
    public IEnumerable<Finding> Mount(string volume, string mountPath, string purpose)
    {
        var own = Runner.MountAt(mountPath);
        if (own is not null && (own.Name != volume || own.SubPath.Length > 0))
        {
            yield return MountConflict($"mounts volume {own.Name} at {mountPath}, where {purpose} belongs: remove that mount, or "
                + $"mount the whole volume {volume} there");
        }

        if (Runner.Mounts.FirstOrDefault(outer => IsClosed(outer, mountPath)) is { } closed)
        {
            yield return MountConflict($"mounts volume {closed.Name} at {closed.MountPath}, in which nothing can be created, and "
                + $"{purpose} belongs at {mountPath}: mount that volume elsewhere");
        }

        var mount = new JsonObject { ["name"] = volume, ["mountPath"] = mountPath, ["readOnly"] = true };
        foreach (var finding in Piece(new(PieceAddress.Mount(Runner.Name, mountPath), mount), own is not null))
        {
            yield return finding;
        }
    }

    /// <summary>A reason to refuse because of what the runner container mounts.</summary>
    public Finding MountConflict(string problem) =>
        Finding.Refuse(OutcomeCode.DeniedMountConflict, $"container {Runner.Name} {problem}");

    // Below a mount that can't be written, a container runtime can't make the place for another one.
    private bool IsClosed(VolumeMount outer, string mountPath) => VolumeMount.IsBelow(mountPath, outer.MountPath)
        && Template.VolumeNamed(outer.Name) is { } volume
        && (volume.IsReadOnly || (outer.ReadOnly && volume.HostPath is null));

    private bool IsThere(Piece piece) => piece.Address.Find(Template.Json) is { } found
        && PieceDigest.Of(JsonText.ToNode(found.Value)!, piece.Annotated) == piece.Digest;
}
