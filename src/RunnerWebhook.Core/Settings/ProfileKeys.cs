using System.Collections.Immutable;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;
using static RunnerWebhook.Core.Settings.SettingKinds;
using TomlKeys = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Text.Json.JsonElement>;

namespace RunnerWebhook.Core.Settings;

/// <summary>The keys of a profile: one row each, with its meaning, its values, and where the profile keeps it.</summary>
internal static class ProfileKeys
{
    private static readonly RunnerProfile Unset = new() { Name = WellKnown.DefaultProfile };

    private static readonly SettingTable<TokenSettings> Token = new SettingTable<TokenSettings>(
            "token", "Where the runner's token comes from: a Secret of the pod's namespace", Unset.Token)
        .Choose(0, 1, "secretName", "value")
        // A Secret takes the place of a token that a lower layer states.
        .Key("token.secretName", "The Secret", Subdomain, token => token.Value is null ? token.SecretName : null,
            (token, name) => token with { SecretName = name, Value = null }, annotation: "token-secret")
        .Key("token.secretKey", "The key in the Secret", DataKey, token => token.Value is null ? token.SecretKey : null,
            (token, key) => token with { SecretKey = key }, annotation: "token-secret-key")
        .Key("token.mode", "How register gets it: auto accepts registration tokens, and authentication tokens (glrt-…) with "
            + "gitlab-runner 16.2 or later", Word<TokenMode>(), token => token.Mode,
            (token, mode) => token with { Mode = mode }, annotation: "token-mode")
        .Key("token.value", "The token itself, instead of a Secret: visible to everyone who may read the pods",
            SettingKinds.Token, token => token.Value, (token, value) => token with { Value = value });

    private static readonly SettingTable<DindSettings> Dind = new SettingTable<DindSettings>(
            "engine.dind", "The engine in the pod, for kind dind", Unset.Engine.Dind)
        .Sidecar("engine.dind")
        .Key("engine.dind.mtu", "The MTU of its networks; 0 for dockerd's default", Whole(0, 65_535),
            dind => dind.Mtu, (dind, mtu) => dind with { Mtu = mtu })
        .Key("engine.dind.registryMirrors", "Mirrors of Docker Hub",
            Texts("an http or https URL", @"^https?://\S+$", IsWebAddress),
            dind => dind.RegistryMirrors, (dind, mirrors) => dind with { RegistryMirrors = mirrors })
        .Key("engine.dind.args", "Further arguments of dockerd",
            Texts("an argument of dockerd that opens no other socket", "^(?!-H|--host)",
                argument => !argument.StartsWith("-H", StringComparison.Ordinal)
                    && !argument.StartsWith("--host", StringComparison.Ordinal)),
            dind => dind.Args, (dind, arguments) => dind with { Args = arguments })
        .Key("engine.dind.userNamespace", "Whether the pod gets a user namespace (hostUsers: false), in which root is an "
            + "ordinary user of the node; Kubernetes 1.33 and cgroup v2", Flag, dind => dind.UserNamespace,
            (dind, isOwn) => dind with { UserNamespace = isOwn });

    private static readonly SettingTable<PodmanSettings> Podman = new SettingTable<PodmanSettings>(
            "engine.podman", "Podman in the pod, for kind podman", Unset.Engine.Podman)
        .Sidecar("engine.podman")
        .Key("engine.podman.rootless", "Whether it runs as user 1000 and not as root; the node must allow user namespaces",
            Flag, podman => podman.Rootless, (podman, isRootless) => podman with { Rootless = isRootless })
        .Key("engine.podman.args", "Further options of podman, before system service",
            Texts("an option of podman that begins with --", "^--", option => option.StartsWith("--", StringComparison.Ordinal)),
            podman => podman.Args, (podman, options) => podman with { Args = options });

    private static readonly SettingTable<EngineSettings> Engine = new SettingTable<EngineSettings>(
            "engine", "The Docker Engine that jobs run on", Unset.Engine)
        .Key("engine.kind", "Where it runs: on the node, in a container of the pod, on another host, or none",
            Word<EngineKind>(), engine => engine.Kind, (engine, kind) => engine with { Kind = kind }, annotation: "engine")
        .Key("engine.socketPath", "The socket, absolute, on the node and in the runner container", PathText,
            engine => engine.SocketPath, (engine, path) => engine with { SocketPath = path })
        .In(Dind, engine => engine.Dind, (engine, dind) => engine with { Dind = dind })
        .In(Podman, engine => engine.Podman, (engine, podman) => engine with { Podman = podman })
        .Section("engine.remote", "The engine on another host, for kind remote")
        .Key("engine.remote.host", "Its address, as in tcp://docker.example.com:2376",
            Text("tcp:// with a host and a port", @"^tcp://[^/\s@?#]+:[0-9]+/?$", IsTcpAddress), engine => engine.Remote.Host,
            (engine, host) => engine with { Remote = engine.Remote with { Host = host } })
        .Key("engine.remote.tlsSecretName", "A Secret with ca.pem, cert.pem and key.pem; none for plain TCP", Subdomain,
            engine => engine.Remote.TlsSecretName,
            (engine, name) => engine with { Remote = engine.Remote with { TlsSecretName = name } });

    private static readonly SettingTable<InitContainerSettings> InitContainer = new SettingTable<InitContainerSettings>(
            "initContainer", "The init container that registers the runner", Unset.InitContainer)
        .Key("initContainer.name", "Its name", Label, init => init.Name, (init, name) => init with { Name = name })
        .Key("initContainer.image", "Its image; empty for the runner container's own",
            Text("an image reference without spaces", @"^\S*$", text => !text.Any(char.IsWhiteSpace)),
            init => init.Image, (init, image) => init with { Image = image })
        .Key("initContainer.guard", "Whether a script ensures that exactly one runner is registered, however often "
            + "the container runs", Flag, init => init.Guard, (init, guard) => init with { Guard = guard })
        .Key("initContainer.position", "Its place among the pod's init containers: first, last or before:NAME",
            Text("first, last or before:NAME", "^(first|last|before:[a-z0-9]([-a-z0-9]*[a-z0-9])?)$",
                text => InitPosition.TryParse(text) is not null), init => init.Position.ToString(),
            (init, text) => init with { Position = InitPosition.TryParse(text)! }, annotation: "init-position")
        .Key("initContainer.resources", "Its resources", Resources, init => init.Resources,
            (init, resources) => init with { Resources = resources });

    private static readonly SettingTable<ConfigVolumeSettings> ConfigVolume = new SettingTable<ConfigVolumeSettings>(
            "configVolume", "The emptyDir that holds config.toml", Unset.ConfigVolume)
        .Key("configVolume.name", "The volume's name", Label, volume => volume.Name,
            (volume, name) => volume with { Name = name })
        .Key("configVolume.mountPath", "The directory in both containers, absolute", PathText,
            volume => volume.MountPath, (volume, path) => volume with { MountPath = path })
        .Key("configVolume.medium", "Its storage: empty for the node's disk, Memory for tmpfs", Word("", "Memory"),
            volume => volume.Medium, (volume, medium) => volume with { Medium = medium });

    private static readonly SettingTable<SocketVolumeSettings> SocketVolume = new SettingTable<SocketVolumeSettings>(
            "socketVolume", "The hostPath volume of the node's Docker socket", Unset.SocketVolume)
        .Key("socketVolume.name", "The volume's name", Label, volume => volume.Name,
            (volume, name) => volume with { Name = name })
        .Key("socketVolume.type", "What kubelet checks before it mounts; empty for nothing",
            Word("", "Socket", "File", "FileOrCreate"), volume => volume.Type, (volume, type) => volume with { Type = type });

    private static readonly SettingTable<LifecycleSettings> Lifecycle = new SettingTable<LifecycleSettings>(
            "lifecycle", "How the runner keeps its identity and how it stops", Unset.Lifecycle)
        .Key("lifecycle.unregister", "Whether it unregisters before it stops", Flag, lifecycle => lifecycle.Unregister,
            (lifecycle, unregister) => lifecycle with { Unregister = unregister }, annotation: "unregister")
        .Key("lifecycle.gracePeriodSeconds", "The time that running jobs get to end; 0 leaves the pod's own",
            Whole(0, 7 * 24 * 3600), lifecycle => lifecycle.GracePeriodSeconds,
            (lifecycle, seconds) => lifecycle with { GracePeriodSeconds = seconds }, annotation: "grace-period-seconds")
        .Key("lifecycle.systemId", "auto: a stable system id, derived from node or pod; random: the runner makes "
            + "a new one at each start", Word(("auto", true), ("random", false)), lifecycle => lifecycle.StableSystemId,
            (lifecycle, stable) => lifecycle with { StableSystemId = stable });

    private static readonly SettingTable<TemplateSettings> Template = new SettingTable<TemplateSettings>(
            "template", "A template of config.toml, for settings without a register option", new("", TemplateSettings.DefaultKey))
        .Key("template.configMapName", "The ConfigMap", Subdomain, template => template.ConfigMapName,
            (template, name) => template with { ConfigMapName = name }, required: true)
        .Key("template.key", "The key in it", DataKey, template => template.Key,
            (template, key) => template with { Key = key });

    private static readonly SettingTable<CertificateSettings> Certificates = new SettingTable<CertificateSettings>(
            "certificates", "The CA certificates of GitLab, if no public CA signs its certificate: a Secret or a ConfigMap",
            new("", "", CertificateSettings.DefaultKey))
        .Choose(1, 1, "secretName", "configMapName")
        .Key("certificates.secretName", "The Secret", Subdomain, ca => ca.SecretName.Length > 0 ? ca.SecretName : null,
            (ca, name) => ca with { SecretName = name })
        .Key("certificates.configMapName", "The ConfigMap", Subdomain,
            ca => ca.ConfigMapName.Length > 0 ? ca.ConfigMapName : null, (ca, name) => ca with { ConfigMapName = name })
        .Key("certificates.key", "The key in it", DataKey, ca => ca.Key, (ca, key) => ca with { Key = key });

    private static readonly SettingTable<CacheSettings> Cache = CacheSettings.Options.Aggregate(
        new SettingTable<CacheSettings>("cache", "The distributed cache's credentials, from a Secret of the pod's namespace",
            new("", ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)))
        .Key("cache.secretName", "The Secret", Subdomain, cache => cache.SecretName,
            (cache, name) => cache with { SecretName = name }, required: true)
        .Section("cache.keys", "The key in it for each register option that it states", required: true)
        .Choose(1, int.MaxValue, [.. CacheSettings.Options.Select(option => option.Name)]),
        (table, option) => table.Key("cache.keys." + option.Name, option.Meaning, DataKey,
            cache => cache.Keys.GetValueOrDefault(option.Name),
            (cache, key) => cache with { Keys = cache.Keys.SetItem(option.Name, key) }));

    private static readonly SettingTable<TomlKeys> Global = new SettingTable<TomlKeys>(
            "global", "The global section of config.toml", Unset.Global)
        .Toml("global.concurrent", "How many jobs run at once", Whole(1))
        .Toml("global.check_interval", "Seconds between two requests for jobs; 0 for 3", Whole(0))
        .Toml("global.shutdown_timeout", "Seconds that a forced shutdown waits; 0 for 30", Whole(0))
        .Toml("global.log_level", "What the runner logs", Word("debug", "info", "warn", "warning", "error", "fatal", "panic"))
        .Toml("global.log_format", "How it logs", Word("runner", "text", "json"))
        .Toml("global.listen_address", "Where its metrics are served, as in :9252", Address)
        .Toml("global.connection_max_age", "How long a connection to GitLab is kept, as in 15m", Duration)
        .Toml("global.sentry_dsn", "Where errors are reported to", Dsn)
        .Section("global.session_server", "The server of interactive web terminals")
        .Toml("global.session_server.listen_address", "Where it listens, as in [::]:8093", Address)
        .Toml("global.session_server.advertise_address", "Where GitLab reaches it", Address)
        .Toml("global.session_server.session_timeout", "Seconds that a terminal stays open after its job", Whole(1));

    private static SettingKind<ImmutableArray<string>> Arguments => Texts("one argument, without spaces in an option's name",
        @"^([^-]|-[^=\s]*(=|$)|$)", RegisterArguments.IsOne, shown: RegisterArguments.NameOf);

    /// <summary>All of them.</summary>
    public static SettingTable<RunnerProfile> All { get; } = new SettingTable<RunnerProfile>(
            "", "One way to register and run a runner. A key that it leaves out has its default", Unset)
        .Key("register", "Options of gitlab-runner register, by their own names", Options,
            profile => profile.Register, (profile, options) => profile with { Register = options })
        .Key("extraArgs", "Arguments appended to register unchanged",
            Arguments with { Show = RegisterArguments.Shown, HoldsCredentials = true }, profile => profile.ExtraArgs,
            (profile, arguments) => profile with { ExtraArgs = arguments }, annotation: "extra-args")
        .In(Token, profile => profile.Token, (profile, token) => profile with { Token = token })
        .In(Engine, profile => profile.Engine, (profile, engine) => profile with { Engine = engine })
        .Key("runtimeClassName", "The runtime class of pods that name none, as in sysbox-runc; empty for the cluster's own",
            Text("empty, or " + KubernetesName.SubdomainRule, "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$",
                name => name.Length == 0 || KubernetesName.IsSubdomain(name)), profile => profile.RuntimeClassName,
            (profile, name) => profile with { RuntimeClassName = name })
        .In(InitContainer, profile => profile.InitContainer, (profile, init) => profile with { InitContainer = init })
        .In(ConfigVolume, profile => profile.ConfigVolume, (profile, volume) => profile with { ConfigVolume = volume })
        .In(SocketVolume, profile => profile.SocketVolume, (profile, volume) => profile with { SocketVolume = volume })
        .In(Lifecycle, profile => profile.Lifecycle, (profile, lifecycle) => profile with { Lifecycle = lifecycle })
        .In(Template, profile => profile.Template, (profile, template) => profile with { Template = template })
        .In(Certificates, profile => profile.Certificates, (profile, ca) => profile with { Certificates = ca })
        .In(Cache, profile => profile.Cache, (profile, cache) => profile with { Cache = cache })
        .In(Global, profile => profile.Global, (profile, global) => profile with { Global = global })
        .Checked(ConfigurationRules.Check);

    /// <summary>Those that an annotation sets, by its name without <c>gitlab-runner/</c>.</summary>
    public static ImmutableSortedDictionary<string, SettingKey<RunnerProfile>> ByAnnotation { get; } =
        All.Keys.Where(key => key.Annotation.Length > 0)
            .ToImmutableSortedDictionary(key => key.Annotation, key => key, StringComparer.Ordinal);

    /// <summary>The names of a profile's own keys, without those inside them.</summary>
    public static ImmutableHashSet<string> Names { get; } = [.. All.Keys.Select(key => key.Path.Split('.')[0])];

    /// <summary>The keys of config.toml's global section.</summary>
    public static ImmutableHashSet<string> Globals { get; } = [.. Global.Keys.Select(key => key.Path.Split('.')[1])];

    private static SettingTable<T> Sidecar<T>(this SettingTable<T> table, string section)
        where T : SidecarSettings => table
        .Key(section + ".name", "The container's name", Label, engine => engine.Name,
            (engine, name) => (T)((SidecarSettings)engine with { Name = name }))
        .Key(section + ".image", "Its image", Image, engine => engine.Image,
            (engine, image) => (T)((SidecarSettings)engine with { Image = image }))
        .Key(section + ".sidecar", "A native sidecar or an ordinary container; auto by the cluster's version",
            Word<SidecarKind>(), engine => engine.Sidecar,
            (engine, sidecar) => (T)((SidecarSettings)engine with { Sidecar = sidecar }))
        .Key(section + ".sizeLimit", "The size of its images and containers, as in 20Gi; empty for no limit", Size,
            engine => engine.SizeLimit, (engine, limit) => (T)((SidecarSettings)engine with { SizeLimit = limit }))
        .Key(section + ".resources", "Its resources", Resources, engine => engine.Resources,
            (engine, resources) => (T)((SidecarSettings)engine with { Resources = resources }));

    // A value of config.toml is kept as it is written.
    private static SettingTable<TomlKeys> Toml<T>(
        this SettingTable<TomlKeys> table, string path, string meaning, SettingKind<T> kind)
    {
        var key = path["global.".Length..];
        return table.Key(path, meaning, Raw(kind), global => global.GetValueOrDefault(key),
            (global, value) => global.SetItem(key, value));
    }
}
