using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// What is to be added to one pod template, while it is being decided. What the user has already is reused where it is
/// the same thing and refused where it is something else under our name.
/// </summary>
internal sealed class PodPlan
{
    private readonly ImmutableSortedDictionary<string, string> _changed;
    private readonly ImmutableArray<Piece>.Builder _pieces = ImmutableArray.CreateBuilder<Piece>();
    private readonly List<(OutcomeCode Code, string Problem)> _refusals = [];
    private readonly ImmutableArray<string>.Builder _advice = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _guesses = ImmutableArray.CreateBuilder<string>();

    /// <param name="workload">The object, for messages.</param>
    /// <param name="template">The user's part of its pod template.</param>
    /// <param name="runner">The runner container in that template.</param>
    /// <param name="profile">The settings.</param>
    /// <param name="changed">Addresses of recorded pieces that the user has changed since: theirs now, and kept.</param>
    public PodPlan(Workload workload, PodTemplate template, Container runner, RunnerProfile profile,
        ImmutableSortedDictionary<string, string> changed)
    {
        (Workload, Template, Runner, Profile, _changed) = (workload, template, runner, profile, changed);
        ConfigFile = new(profile.ConfigVolume.MountPath, ConfigFile.UsualName);
    }

    public Workload Workload { get; }

    public PodTemplate Template { get; }

    public Container Runner { get; }

    public RunnerProfile Profile { get; }

    /// <summary>The file that the runner reads. Default: the one of the settings.</summary>
    public ConfigFile ConfigFile { get; set; }

    /// <summary>The release of the cluster; null if it is unknown.</summary>
    public KubernetesVersion? Kubernetes { get; init; }

    /// <summary>The register options below all annotations. Default those of the profile.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>>? Unannotated { get; init; }

    /// <summary>The pieces, in the order in which the patch adds them.</summary>
    public ImmutableArray<Piece> Pieces => _pieces.ToImmutable();

    /// <summary>What the user should know about them.</summary>
    public ImmutableArray<string> Advice => _advice.ToImmutable();

    /// <summary>The advice about what had to be assumed.</summary>
    public ImmutableArray<string> Guesses => _guesses.ToImmutable();

    /// <summary>Why the object is refused, with every reason, under the code of the first; null if it isn't.</summary>
    public InjectionOutcome? Refusal => _refusals is [var (code, _), ..]
        ? new(code, $"{Workload.DisplayName}: {string.Join("; ", _refusals.Select(refusal => refusal.Problem).Distinct())}")
        : null;

    /// <summary>The recorded pieces that the user has changed since.</summary>
    public IEnumerable<JsonPointer> Changed => _changed.Keys.Select(JsonPointer.TryParse).OfType<JsonPointer>();

    /// <summary>Adds a piece, unless the user has it already or has changed the one that was injected.</summary>
    public void Add(Piece piece, bool exists = false)
    {
        if (IsChanged(piece.Address) && PieceAddress.Find(Template.Json, piece.Address) is { } present
            && PieceDigest.Of(JsonText.ToNode(present.Value)!, piece.Annotated) == piece.Digest)
        {
            // Changed back, or made by hand just as it would be today: ours again.
            _pieces.Add(piece);
        }
        else if (IsChanged(piece.Address))
        {
            Advise($"{FieldPath.Of(piece.Address)} was injected and has been changed since: it is kept as it is");
        }
        else if (_pieces.Any(other => other.Address.Equals(piece.Address)))
        {
            Refuse(OutcomeCode.DeniedSettingInvalid, $"the settings put two things at {FieldPath.Of(piece.Address)}: "
                + "give one of them another name or path in the configuration");
        }
        else if (!exists)
        {
            _pieces.Add(piece);
        }
    }

    /// <summary>Adds a container, where no other has its name.</summary>
    /// <param name="piece">The container, with its address in either list.</param>
    /// <param name="setting">The setting that names it.</param>
    public void AddContainer(Piece piece, string setting)
    {
        var name = piece.Address.Last;
        var taken = Template.InitContainers.Concat(Template.Containers).FirstOrDefault(own => own.Name == name);
        if (taken is not null && !IsThere(piece)
            && !(IsChanged(piece.Address) && PlausiblePiece.MayHaveBeenOne(piece.Address, taken.Json)))
        {
            Refuse(OutcomeCode.DeniedContainerConflict, $"a container named {name} exists already and is not the one that "
                + $"would be injected: rename it, or set {setting} in the configuration");
        }

        Add(piece, taken is not null);
    }

    /// <summary>Adds a volume, where no other has its name.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="need">Why another one won't do, to be read behind "but".</param>
    /// <param name="setting">The setting that names it; empty if none does.</param>
    /// <param name="isSame">Whether a volume of the user's is the same thing, and serves in its place. Without it only an
    /// equal one does.</param>
    public void AddVolume(JsonObject volume, string need, string setting = "", Func<Volume, bool>? isSame = null)
    {
        var name = (string)volume["name"]!;
        var piece = new Piece(PieceAddress.Volume(name), volume);
        var taken = Template.VolumeNamed(name);
        if (taken is not null && !(isSame?.Invoke(taken)
            ?? (IsThere(piece) || (IsChanged(piece.Address) && volume.ContainsKey(taken.Source)))))
        {
            var source = taken.HostPath is { } path ? $"hostPath {path}" : $"of type {taken.Source}";
            Refuse(OutcomeCode.DeniedVolumeConflict, $"volume {name} is {source}, but {need}: rename your volume"
                + (setting.Length > 0 ? $", or set {setting} in the configuration" : ""));
        }

        Add(piece, taken is not null);
    }

    /// <summary>Mounts a whole volume in the runner container, read-only.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="mountPath">Where.</param>
    /// <param name="purpose">What belongs there, for messages.</param>
    public void Mount(string volume, string mountPath, string purpose)
    {
        var own = Runner.MountAt(mountPath);
        var address = PieceAddress.Mount(Runner.Name, mountPath);
        if (own is not null && (own.Name != volume || own.SubPath.Length > 0))
        {
            Refuse(OutcomeCode.DeniedMountConflict, $"container {Runner.Name} mounts volume {own.Name} at {mountPath}, where "
                + $"{purpose} belongs: remove that mount, or mount the whole volume {volume} there");
        }

        if (Runner.Mounts.FirstOrDefault(outer => IsClosed(outer, mountPath)) is { } closed)
        {
            Refuse(OutcomeCode.DeniedMountConflict, $"container {Runner.Name} mounts volume {closed.Name} at {closed.MountPath}, "
                + $"in which nothing can be created, and {purpose} belongs at {mountPath}: mount that volume elsewhere");
        }

        var mount = new JsonObject { ["name"] = volume, ["mountPath"] = mountPath, ["readOnly"] = true };
        Add(new(address, mount), own is not null);
    }

    /// <summary>Adds an emptyDir, or uses the user's of that name.</summary>
    public void AddEmptyDir(string name, JsonObject emptyDir, string content, string setting = "") =>
        AddVolume(new() { ["name"] = name, ["emptyDir"] = emptyDir }, $"{content} needs an emptyDir", setting,
            volume => volume.IsEmptyDir);

    public bool IsChanged(JsonPointer address) => _changed.ContainsKey(address.ToString());

    public void Advise(string advice) => _advice.Add(advice);

    /// <summary>Notes what had to be assumed, because nothing is known of the cluster.</summary>
    public void Guess(string guess)
    {
        Advise(guess);
        _guesses.Add(guess);
    }

    /// <summary>Refuses the object.</summary>
    public void Refuse(OutcomeCode code, string problem) => _refusals.Add((code, problem));

    // Below a mount that can't be written, a container runtime can't make the place for another one.
    private bool IsClosed(VolumeMount outer, string mountPath) => VolumeMount.IsBelow(mountPath, outer.MountPath)
        && Template.VolumeNamed(outer.Name) is { } volume
        && (volume.IsReadOnly || (outer.ReadOnly && volume.HostPath is null));

    private bool IsThere(Piece piece) => PieceAddress.Find(Template.Json, piece.Address) is { } found
        && PieceDigest.Of(JsonText.ToNode(found.Value)!, piece.Annotated) == piece.Digest;
}
