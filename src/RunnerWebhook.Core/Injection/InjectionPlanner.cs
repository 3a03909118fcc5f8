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

    private readonly PodPlan _plan;
    private readonly RunnerProfile _profile;
    private readonly IEngine _engine;
    private readonly RunnerProfile _provided;

    /// <param name="plan">The empty plan.</param>
    public InjectionPlanner(PodPlan plan)
    {
        (_plan, _profile, _engine) = (plan, plan.Profile, EngineTable.Of(plan.Profile.Engine.Kind));
        _provided = WithProvided(_profile, plan.Advise);
    }

    private PodTemplate Template => _plan.Template;

    private Container Runner => _plan.Runner;

    /// <summary>Fills the plan, or leaves a refusal in it.</summary>
    public void Plan()
    {
        RequireSettings();
        FindConfigFile();
        AddContainers();
        AddConfigVolume();
        _engine.AddTo(_plan);
        AddRuntimeClass();
        AddFiles();
        AddLifecycle();
        AdviseOnToken();
        foreach (var advice in PodResources
            .Missing(_plan, _profile.InitContainer.Resources, _engine.Resources(_profile.Engine))
            .Concat(new RunnerWarnings(_plan, _provided).All()))
        {
            _plan.Advise(advice);
        }
    }

    private void FindConfigFile()
    {
        if (ConfigFile.Find(Runner, _profile.ConfigVolume.MountPath, out var problem) is { } file)
        {
            _plan.ConfigFile = file;
        }
        else
        {
            _plan.Refuse(OutcomeCode.DeniedConfigElsewhere, problem);
        }
    }

    private void RequireSettings()
    {
        if (RequiredOptions.Missing(_profile).ToArray() is { Length: > 0 } missing)
        {
            _plan.Refuse(OutcomeCode.DeniedSettingMissing, $"register needs {string.Join(" and ", missing)}: set "
                + $"{(missing.Length > 1 ? "them" : "it")} under profiles.{_profile.Name}.register in the configuration");
        }
        else if (RegisterContainer.Image(_profile, Runner).Length == 0)
        {
            _plan.Refuse(OutcomeCode.DeniedSettingMissing,
                $"container {Runner.Name} has no image, and initContainer.image sets none for {_profile.InitContainer.Name}");
        }
    }

    // A native sidecar goes before the registration: where the engine doesn't come up, nothing is registered.
    private void AddContainers()
    {
        var sidecar = _engine.Sidecar(_plan);
        var index = InitIndex();
        if (sidecar is { IsNative: true })
        {
            var place = index ?? Template.InitContainers.Length;
            _plan.AddContainer(new(PieceAddress.InitContainer(sidecar.Name), sidecar.Container, place), sidecar.Setting);
            index = index is null ? null : index + 1;
        }

        AddInitContainer(index);
        if (sidecar is { IsNative: false })
        {
            // kubelet starts containers in their order, each after the postStart hook of the one before.
            _plan.AddContainer(
                new(PieceAddress.Container(sidecar.Name), sidecar.Container, Runner.Index), sidecar.Setting);
        }
    }

    private void AddInitContainer(int? index)
    {
        var name = _profile.InitContainer.Name;
        var container = RegisterContainer.Of(_provided, _plan);
        if (_plan.Changed.FirstOrDefault(IsOtherRegistration) is { } other)
        {
            _plan.Refuse(OutcomeCode.DeniedContainerConflict, $"init container {other.Last} was injected earlier and changed "
                + $"since; in addition to {name} it would register a second runner: remove it");
        }

        var piece = new Piece(PieceAddress.InitContainer(name), container, index) { Annotated = Annotated() };
        _plan.AddContainer(piece, "initContainer.name");
    }

    private AnnotatedArguments Annotated() => _plan.Unannotated is { } register && register != _profile.Register
        ? AnnotatedArguments.Between(RegisterContainer.Arguments(_provided, Runner),
            RegisterContainer.Arguments(WithProvided(_profile with { Register = register }, _ => { }), Runner))
        : AnnotatedArguments.None;

    private bool IsOtherRegistration(JsonPointer address) =>
        address.Tokens is ["spec", "initContainers", var name] && name != _profile.InitContainer.Name
        && Template.InitContainers.Any(init => init.Name == name && HandRegistration.Registers(init, Runner.Image));

    // What the settings say is what the user wants, also where the profile provides something else.
    private RunnerProfile WithProvided(RunnerProfile profile, Action<string> advise)
    {
        var register = profile.Register;
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

        return profile with { Register = register };

        void Provide(string option, string value, string provider)
        {
            if (!register.TryGetValue(option, out var own) || own.All(string.IsNullOrEmpty))
            {
                register = register.SetItem(option, [value]);
            }
            else if (own is not [var single] || single != value)
            {
                advise($"{option} is set, so the runner uses that and not what {provider}");
            }
        }
    }

    private int? InitIndex() => _profile.InitContainer.Position switch
    {
        { First: true } => 0,
        { Before: { } name } => Template.InitContainers.FirstOrDefault(init => init.Name == name)?.Index,
        _ => null,
    };

    private void AddConfigVolume()
    {
        var (name, medium) = (_profile.ConfigVolume.Name, _profile.ConfigVolume.Medium);
        var file = _plan.ConfigFile;
        var emptyDir = medium.Length > 0 ? new JsonObject { ["medium"] = medium } : [];
        _plan.Mount(name, file.MountPath, "config.toml");
        if (RegisterContainer.RunnerEnvironment(_profile, file) is { } variable)
        {
            var variableName = (string)variable["name"]!;
            _plan.Add(new(PieceAddress.Env(Runner.Name, variableName), variable), Runner.EnvNames.Contains(variableName));
        }

        if (Runner.MountAt(file.Path) is { } own)
        {
            _plan.Refuse(OutcomeCode.DeniedMountConflict, $"container {Runner.Name} mounts volume {own.Name} at {file.Path}, "
                + "where the registered runner's file belongs: remove that mount");
        }

        _plan.AddEmptyDir(name, emptyDir, "config.toml", "configVolume.name");
    }

    private void AddRuntimeClass()
    {
        var (wanted, own) = (_profile.RuntimeClassName, Template.Json.Text("spec", "runtimeClassName"));
        if (wanted.Length == 0)
        {
            return;
        }

        _plan.Add(new(PieceAddress.RuntimeClass, JsonValue.Create(wanted)), own.Length > 0);
        if (own.Length > 0 && own != wanted && !_plan.IsChanged(PieceAddress.RuntimeClass))
        {
            _plan.Advise($"spec.runtimeClassName is '{own}', which is kept: profile {_profile.Name} has '{wanted}'");
        }
    }

    private void AddFiles()
    {
        foreach (var file in MountedFile.All(_profile))
        {
            if (file.InRunner)
            {
                _plan.Mount(file.Volume, file.Directory, file.Name);
            }

            _plan.AddVolume(file.ToVolume(), $"{file.Name} comes from another");
        }
    }

    private void AddLifecycle()
    {
        if (_profile.Lifecycle.Unregister)
        {
            var stop = new JsonObject
            {
                ["preStop"] = new JsonObject
                {
                    ["exec"] = new JsonObject { ["command"] = RegisterContainer.HookCommand(_profile, _plan.ConfigFile) },
                },
            };
            var own = Runner.Field("lifecycle");
            var hasOwn = own is { ValueKind: JsonValueKind.Object } hooks && hooks.TryGetProperty("preStop", out var hook)
                && hook.ValueKind != JsonValueKind.Null;
            var address = PieceAddress.Lifecycle(Runner.Name);
            // Other hooks, and a stop signal, are no reason to leave runners behind.
            if (own is { ValueKind: JsonValueKind.Object } && !hasOwn)
            {
                _plan.Add(new(address.Append("preStop"), stop["preStop"]!.DeepClone()));
            }
            else
            {
                _plan.Add(new(address, stop), hasOwn);
            }

            if (hasOwn && !_plan.IsChanged(address))
            {
                _plan.Advise($"container {Runner.Name} has its own preStop hook, which is kept: unregister the "
                    + "runner there, or stopped pods leave stale runners in GitLab");
            }
        }

        var seconds = _profile.Lifecycle.GracePeriodSeconds;
        var stated = PieceAddress.Find(Template.Json, PieceAddress.GracePeriod)?.Value;
        var isUnset = stated is not { ValueKind: JsonValueKind.Number } number
            || (number.TryGetInt64(out var value) && value == DefaultGracePeriodSeconds);
        if (seconds is not (0 or DefaultGracePeriodSeconds) && isUnset)
        {
            _plan.Add(new(PieceAddress.GracePeriod, JsonValue.Create(seconds)));
        }
    }

    private void AdviseOnToken()
    {
        if (_profile.Token.Value is not null)
        {
            _plan.Advise("everyone who may read the pod can read the token: keep it in a Secret (token.secretName)");
        }

        var idle = RegisterOptions.All.Where(option => option.ServerSide && _profile.Register.ContainsKey(option.Name))
            .Select(option => option.Name).ToArray();
        if (_profile.Token.Mode == TokenMode.Authentication && idle.Length > 0)
        {
            _plan.Advise($"{string.Join(", ", idle)} {(idle.Length > 1 ? "have" : "has")} no effect with token mode "
                + "authentication: set it for the runner in GitLab");
        }
    }
}
