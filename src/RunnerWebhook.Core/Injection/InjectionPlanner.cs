using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// Decides which pieces a pod template of the user's needs. What the user has already is reused where it is the same
/// thing and refused where it is something else under our name.
/// </summary>
internal sealed class InjectionPlanner
{
    /// <summary>What the API server gives a pod without a grace period (source: SetDefaults_PodSpec).</summary>
    public const int DefaultGracePeriodSeconds = 30;

    private readonly Workload _workload;
    private readonly PodTemplate _template;
    private readonly Container _runner;
    private readonly RunnerProfile _profile;
    private readonly ImmutableSortedDictionary<string, string> _changed;
    private readonly ImmutableArray<Piece>.Builder _pieces = ImmutableArray.CreateBuilder<Piece>();
    private readonly ImmutableArray<string>.Builder _advice = ImmutableArray.CreateBuilder<string>();
    private InjectionOutcome? _refusal;

    /// <param name="workload">The object, for messages.</param>
    /// <param name="template">The user's part of its pod template.</param>
    /// <param name="runner">The runner container in that template.</param>
    /// <param name="profile">The settings.</param>
    /// <param name="changed">Addresses of recorded pieces that the user has changed since: theirs now, and kept.</param>
    public InjectionPlanner(Workload workload, PodTemplate template, Container runner, RunnerProfile profile,
        ImmutableSortedDictionary<string, string> changed)
    {
        (_workload, _template, _runner, _profile, _changed) = (workload, template, runner, profile, changed);
    }

    /// <summary>The plan, or null with the refusal.</summary>
    public InjectionPlan? Plan(out InjectionOutcome? refusal)
    {
        RequireSettings();
        AddInitContainer();
        AddConfigVolume();
        AddSocket();
        AddLifecycle();
        AdviseOnToken();
        refusal = _refusal;
        return refusal is null ? new(_pieces.ToImmutable(), _advice.ToImmutable()) : null;
    }

    private void RequireSettings()
    {
        if (RegisterCommand.MissingOptions(_profile).ToArray() is { Length: > 0 } missing)
        {
            Refuse(OutcomeCode.DeniedSettingMissing, $"register needs {string.Join(" and ", missing)}, which nothing sets: "
                + $"add it under profiles.{_profile.Name}.register in the configuration");
        }
        else if (_runner.Image.Length == 0 && _profile.InitContainer.Image.Length == 0)
        {
            Refuse(OutcomeCode.DeniedSettingMissing,
                $"container {_runner.Name} has no image, and initContainer.image sets none for {_profile.InitContainer.Name}");
        }
    }

    private void AddInitContainer()
    {
        var name = _profile.InitContainer.Name;
        var piece = new Piece(PieceAddress.InitContainer(name),
            RegisterContainer.Of(_profile, _runner, _workload.Kind.Kind), InitIndex());
        var taken = _template.InitContainers.Concat(_template.Containers).FirstOrDefault(own => own.Name == name);
        if (taken is not null && !IsChanged(piece.Address)
            && PieceDigest.Of(JsonText.ToNode(taken.Json)!) != piece.Digest)
        {
            Refuse(OutcomeCode.DeniedContainerConflict, $"a container named {name} exists already and is not the one that "
                + "would be injected: rename it, or set initContainer.name in the configuration");
        }
        else if (_changed.Keys.FirstOrDefault(IsOtherInitContainer) is { } other)
        {
            Refuse(OutcomeCode.DeniedContainerConflict, $"init container {JsonPointer.TryParse(other)!.Last} was injected "
                + $"earlier and changed since; beside {name} it would register a second runner: remove it");
        }

        Add(piece, taken is not null);
    }

    private bool IsOtherInitContainer(string address) =>
        JsonPointer.TryParse(address) is { Tokens: ["spec", "initContainers", var name] } && name != _profile.InitContainer.Name;

    private int? InitIndex() => _profile.InitContainer.Position switch
    {
        { First: true } => 0,
        { Before: { } name } => _template.InitContainers.FirstOrDefault(init => init.Name == name)?.Index,
        _ => null,
    };

    private void AddConfigVolume()
    {
        var (name, mountPath, medium) = _profile.ConfigVolume;
        var volume = _template.VolumeNamed(name);
        if (volume is { IsEmptyDir: false } && !IsChanged(PieceAddress.Volume(name)))
        {
            Refuse(OutcomeCode.DeniedVolumeConflict, $"volume {name} is a {volume.Source}, but config.toml needs an emptyDir: "
                + "rename your volume, or set configVolume.name in the configuration");
        }

        var emptyDir = medium.Length > 0 ? new JsonObject { ["medium"] = medium } : [];
        Mount(name, mountPath, "config.toml");
        if (RegisterContainer.RunnerEnvironment(_profile) is { } variable)
        {
            var variableName = (string)variable["name"]!;
            Add(new(PieceAddress.Env(_runner.Name, variableName), variable), _runner.EnvNames.Contains(variableName));
        }

        var ownFile = mountPath.TrimEnd('/') + "/config.toml";
        if (_runner.MountAt(ownFile) is { } file)
        {
            Refuse(OutcomeCode.DeniedMountConflict, $"container {_runner.Name} mounts volume {file.Name} at {ownFile}, where "
                + "the registered runner's file belongs: remove that mount");
        }

        Add(new(PieceAddress.Volume(name), new JsonObject { ["name"] = name, ["emptyDir"] = emptyDir }), volume is not null);
    }

    private void AddSocket()
    {
        if (_profile.Engine.Kind != EngineKind.HostSocket)
        {
            return;
        }

        var (path, settings) = (_profile.Engine.SocketPath, _profile.SocketVolume);
        var existing = _template.Volumes.FirstOrDefault(own => own.HostPath is { } host && VolumeMount.SamePath(host, path));
        var taken = _template.VolumeNamed(settings.Name);
        if (existing is null && taken is not null && !IsChanged(PieceAddress.Volume(settings.Name)))
        {
            Refuse(OutcomeCode.DeniedVolumeConflict, $"volume {settings.Name} is {Describe(taken)}, but the Docker socket is "
                + $"hostPath {path}: rename your volume, or set socketVolume.name in the configuration");
        }

        Mount(existing?.Name ?? settings.Name, path, "the Docker socket");
        var hostPath = new JsonObject { ["path"] = path };
        if (settings.Type.Length > 0)
        {
            hostPath["type"] = settings.Type;
        }

        Add(new(PieceAddress.Volume(settings.Name), new JsonObject { ["name"] = settings.Name, ["hostPath"] = hostPath }),
            existing is not null || taken is not null);
    }

    private void Mount(string volume, string mountPath, string purpose)
    {
        var own = _runner.MountAt(mountPath);
        var address = PieceAddress.Mount(_runner.Name, mountPath);
        if (own is not null && (own.Name != volume || own.SubPath.Length > 0) && !IsChanged(address))
        {
            Refuse(OutcomeCode.DeniedMountConflict, $"container {_runner.Name} mounts volume {own.Name} at {mountPath}, where "
                + $"{purpose} belongs: remove that mount, or mount the whole volume {volume} there");
        }

        var mount = new JsonObject { ["name"] = volume, ["mountPath"] = mountPath, ["readOnly"] = true };
        Add(new(address, mount), own is not null);
    }

    private void AddLifecycle()
    {
        if (_profile.Lifecycle.Unregister)
        {
            var stop = new JsonObject
            {
                ["preStop"] = new JsonObject
                {
                    ["exec"] = new JsonObject { ["command"] = new JsonArray("/bin/sh", "-c", Scripts.Stop) },
                },
            };
            var hasOwn = _runner.Field("lifecycle") is not null;
            var address = PieceAddress.Lifecycle(_runner.Name);
            Add(new(address, stop), hasOwn);
            if (hasOwn && !IsChanged(address))
            {
                _advice.Add($"container {_runner.Name} has a lifecycle of its own, which is kept: unregister the runner there, "
                    + "or stopped pods leave runners behind in GitLab");
            }
        }

        var seconds = _profile.Lifecycle.GracePeriodSeconds;
        var own = PieceAddress.Find(_template.Json, PieceAddress.GracePeriod)?.Value;
        var isUnset = own is not { ValueKind: JsonValueKind.Number } number
            || (number.TryGetInt64(out var value) && value == DefaultGracePeriodSeconds);
        if (seconds is not (0 or DefaultGracePeriodSeconds) && isUnset)
        {
            Add(new(PieceAddress.GracePeriod, JsonValue.Create(seconds)), exists: false);
        }
    }

    private void AdviseOnToken()
    {
        if (_profile.Token.Value is not null)
        {
            _advice.Add("the token stands in the pod for everyone who may read it: keep it in a Secret (token.secretName)");
        }

        var idle = RegisterOptions.All.Where(option => option.ServerSide && _profile.Register.ContainsKey(option.Name))
            .Select(option => option.Name).ToArray();
        if (_profile.Token.Mode == TokenMode.Authentication && idle.Length > 0)
        {
            _advice.Add($"{string.Join(", ", idle)} {(idle.Length > 1 ? "have" : "has")} no effect with token mode "
                + "authentication: set it for the runner in GitLab");
        }
    }

    private void Add(Piece piece, bool exists)
    {
        if (IsChanged(piece.Address))
        {
            _advice.Add($"{FieldPath.Of(piece.Address)} was injected and has been changed since: it is kept as it is");
        }
        else if (!exists)
        {
            _pieces.Add(piece);
        }
    }

    private bool IsChanged(JsonPointer address) => _changed.ContainsKey(address.ToString());

    private static string Describe(Volume volume) =>
        volume.HostPath is { } path ? $"hostPath {path}" : $"a volume of type {volume.Source}";

    private void Refuse(OutcomeCode code, string problem) =>
        _refusal ??= new(code, $"{_workload.DisplayName}: {problem}");
}
