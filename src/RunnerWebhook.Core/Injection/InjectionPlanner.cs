using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Injection.Engines;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>Decides which pieces a pod template of the user's needs.</summary>
internal sealed class InjectionPlanner
{
    /// <summary>What the API server gives a pod without a grace period (source: SetDefaults_PodSpec).</summary>
    public const int DefaultGracePeriodSeconds = 30;

    private readonly RunnerPod _pod;
    private readonly RunnerProfile _profile;
    private readonly IEngine _engine;
    private readonly RunnerProfile _provided;
    private readonly ImmutableArray<Finding> _onProvided;

    private InjectionPlanner(RunnerPod pod)
    {
        (_pod, _profile, _engine) = (pod, pod.Profile, EngineTable.Of(pod.Profile.Engine.Kind));
        (_provided, _onProvided) = WithProvided(_profile);
    }

    private PodTemplate Template => _pod.Template;

    private Container Runner => _pod.Runner;

    /// <summary>The plan for a pod.</summary>
    public static PodPlan Plan(RunnerPod pod) => PodPlan.Of(new InjectionPlanner(pod).Findings());

    private ImmutableArray<Finding> Findings()
    {
        ImmutableArray<Finding> found =
        [
            .. _onProvided, .. RequiredSettings(), .. Containers(), .. ConfigVolume(), .. _engine.Needs(_pod), .. RuntimeClass(),
            .. Files(), .. StopHook(), .. GracePeriod(), .. OnToken(),
        ];
        var isRaised = found.OfType<NeededPiece>().Any(needed => needed.Piece.Address.Kind == PieceKind.GracePeriod);
        return found.AddRange(PodResources
            .Missing(Template, _profile.InitContainer.Resources, _engine.Resources(_profile.Engine))
            .Concat(new RunnerWarnings(_pod, _provided, isRaised).All()).Select(Finding.Advise));
    }

    private IEnumerable<Finding> RequiredSettings()
    {
        if (RequiredOptions.Missing(_profile).ToArray() is { Length: > 0 } missing)
        {
            yield return Finding.Refuse(OutcomeCode.DeniedSettingMissing, $"register needs {string.Join(" and ", missing)}: set "
                + $"{(missing.Length > 1 ? "them" : "it")} under profiles.{_profile.Name}.register in the configuration");
        }
        else if (RegisterContainer.Image(_profile, Runner).Length == 0)
        {
            yield return Finding.Refuse(OutcomeCode.DeniedSettingMissing,
                $"container {Runner.Name} has no image, and initContainer.image sets none for {_profile.InitContainer.Name}");
        }

        if (_pod.ConfigProblem.Length > 0)
        {
            yield return Finding.Refuse(OutcomeCode.DeniedConfigElsewhere, _pod.ConfigProblem);
        }
    }

    // A native sidecar goes before the registration: if the engine doesn't come up, nothing is registered.
    private IEnumerable<Finding> Containers()
    {
        var (sidecar, index) = (_engine.Sidecar(_pod), InitIndex());
        if (sidecar is null)
        {
            return InitContainer(index);
        }

        if (sidecar.IsNative)
        {
            var piece = new Piece(
                PieceAddress.InitContainer(sidecar.Name), sidecar.Container, index ?? Template.InitContainers.Length);
            return [.. sidecar.Hints, .. _pod.ContainerPiece(piece, sidecar.Setting), .. InitContainer(index + 1)];
        }

        // kubelet starts containers in their order, each after the postStart hook of the one before.
        var ordinary = new Piece(PieceAddress.Container(sidecar.Name), sidecar.Container, Runner.Index);
        return [.. sidecar.Hints, .. InitContainer(index), .. _pod.ContainerPiece(ordinary, sidecar.Setting)];
    }

    private IEnumerable<Finding> InitContainer(int? index)
    {
        var name = _profile.InitContainer.Name;
        if (_pod.Changed.FirstOrDefault(IsOtherRegistration) is { } other)
        {
            yield return Finding.Refuse(OutcomeCode.DeniedContainerConflict, $"init container {other.Name} was injected earlier "
                + $"and changed since; in addition to {name} it would register a second runner: remove it");
        }

        var piece = new Piece(PieceAddress.InitContainer(name), RegisterContainer.Of(_provided, _pod), index)
        {
            Annotated = Annotated(),
        };
        foreach (var finding in _pod.ContainerPiece(piece, "initContainer.name"))
        {
            yield return finding;
        }
    }

    private AnnotatedArguments Annotated() => _pod.Unannotated is { } register && register != _profile.Register
        ? AnnotatedArguments.Between(RegisterContainer.Arguments(_provided, Runner),
            RegisterContainer.Arguments(WithProvided(_profile with { Register = register }).Profile, Runner))
        : AnnotatedArguments.None;

    private bool IsOtherRegistration(PieceAddress address) =>
        address.Kind == PieceKind.InitContainer && address.Name != _profile.InitContainer.Name
        && Template.InitContainers.Any(init => init.Name == address.Name && HandRegistration.Registers(init, Runner.Image));

    // The user's own settings win over what the profile provides.
    private (RunnerProfile Profile, ImmutableArray<Finding> Findings) WithProvided(RunnerProfile profile)
    {
        var register = profile.Register;
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var (option, value) in _engine.Options(profile.Engine))
        {
            Provide(option, value, $"engine {EngineName.Of(profile.Engine.Kind)} provides");
        }

        if (MountedFile.Certificates(profile) is { } certificates)
        {
            Provide("tls-ca-file", certificates.Path, "certificates provide");
        }

        if (profile.InitContainer.Guard)
        {
            register = RunnerDefaults.Over(register, RegisterContainer.Image(profile, Runner));
        }

        return (profile with { Register = register }, findings.ToImmutable());

        void Provide(string option, string value, string provider)
        {
            if (!register.TryGetValue(option, out var own) || own.All(string.IsNullOrEmpty))
            {
                register = register.SetItem(option, [value]);
            }
            else if (RegisterOptions.Find(option) is { Kind: RegisterOptionKind.Assignment })
            {
                register = IsStated(own, value) ? register : register.SetItem(option, [value, .. own]);
            }
            else if (own is not [var single] || single != value)
            {
                findings.Add(Finding.Advise($"{option} is set, so the runner uses that and not what {provider}"));
            }
        }
    }

    // Whether a list of NAME=VALUE has the name.
    private static bool IsStated(ImmutableArray<string> assignments, string assignment) =>
        assignments.Any(own => own.StartsWith(RegisterOption.Assigned(assignment), StringComparison.Ordinal));

    private int? InitIndex() => _profile.InitContainer.Position switch
    {
        { First: true } => 0,
        { Before: { } name } => Template.InitContainers.FirstOrDefault(init => init.Name == name)?.Index,
        _ => ServiceMesh.RedirectIn(Template)?.Index,
    };

    private IEnumerable<Finding> ConfigVolume()
    {
        var (name, medium) = (_profile.ConfigVolume.Name, _profile.ConfigVolume.Medium);
        var file = _pod.ConfigFile;
        var variable = RegisterContainer.RunnerEnvironment(_profile, file);
        var own = Runner.MountAt(file.Path);
        return
        [
            .. _pod.Mount(name, file.MountPath, "config.toml"),
            .. variable is null ? [] : _pod.Piece(
                new(PieceAddress.Variable(Runner.Name), variable), Runner.EnvNames.Contains(ConfigFile.Variable)),
            .. own is null ? Array.Empty<Finding>() : [_pod.MountConflict(
                $"mounts volume {own.Name} at {file.Path}, where the registered runner's file belongs: remove that mount")],
            .. _pod.EmptyDir(name, medium.Length > 0 ? new() { ["medium"] = medium } : [], "config.toml", "configVolume.name"),
        ];
    }

    private IEnumerable<Finding> RuntimeClass()
    {
        var (wanted, own) = (_profile.RuntimeClassName, Template.Json.Text("spec", "runtimeClassName"));
        if (wanted.Length == 0)
        {
            yield break;
        }

        foreach (var finding in _pod.Piece(new(PieceAddress.RuntimeClass, JsonValue.Create(wanted)), own.Length > 0))
        {
            yield return finding;
        }

        if (own.Length > 0 && own != wanted && !_pod.IsChanged(PieceAddress.RuntimeClass))
        {
            yield return Finding.Advise(
                $"spec.runtimeClassName is '{own}', which is kept: profile {_profile.Name} has '{wanted}'");
        }
    }

    private IEnumerable<Finding> Files() => MountedFile.All(_profile).SelectMany(file =>
        (file.InRunner ? _pod.Mount(file.Volume, file.Directory, file.Name) : [])
            .Concat(_pod.Volume(file.ToVolume(), $"{file.Name} comes from another")));

    private IEnumerable<Finding> StopHook()
    {
        if (!_profile.Lifecycle.Unregister)
        {
            return [];
        }

        var stop = new JsonObject
        {
            ["exec"] = new JsonObject { ["command"] = RegisterContainer.HookCommand(_profile, _pod.ConfigFile) },
        };
        var hooks = Runner.Json.At("lifecycle") is { ValueKind: JsonValueKind.Object } own ? own : (JsonElement?)null;
        var hasOwn = hooks?.At("preStop") is not null;
        // Other hooks, and a stop signal, are no reason to leave runners in GitLab.
        if (hooks is not null && !hasOwn)
        {
            return _pod.Piece(new(PieceAddress.StopHook(Runner.Name), stop));
        }

        var address = PieceAddress.Hooks(Runner.Name);
        var piece = _pod.Piece(new(address, new JsonObject { ["preStop"] = stop }), hasOwn);
        return !hasOwn || _pod.IsChanged(address) ? piece : piece.Append(Finding.Advise(
            $"container {Runner.Name} has its own preStop hook, which is kept: unregister the runner there, or stopped pods "
                + "leave stale runners in GitLab"));
    }

    private IEnumerable<Finding> GracePeriod()
    {
        var seconds = _profile.Lifecycle.GracePeriodSeconds;
        var stated = PieceAddress.GracePeriod.Find(Template.Json)?.Value;
        var isUnset = stated is not { ValueKind: JsonValueKind.Number } number
            || (number.TryGetInt64(out var value) && value == DefaultGracePeriodSeconds);
        return seconds is not (0 or DefaultGracePeriodSeconds) && isUnset
            ? _pod.Piece(new(PieceAddress.GracePeriod, JsonValue.Create(seconds)))
            : [];
    }

    private IEnumerable<Finding> OnToken()
    {
        if (_profile.Token.Value is not null)
        {
            yield return Finding.Advise(
                "everyone who may read the pod can read the token: keep it in a Secret (token.secretName)");
        }

        var idle = RegisterOptions.All.Where(option => option.ServerSide && _profile.Register.ContainsKey(option.Name))
            .Select(option => option.Name).ToArray();
        if (_profile.Token.Mode == TokenMode.Authentication && idle.Length > 0)
        {
            yield return Finding.Advise($"{string.Join(", ", idle)} {(idle.Length > 1 ? "have" : "has")} no effect with token "
                + "mode authentication: set it for the runner in GitLab");
        }
    }
}
