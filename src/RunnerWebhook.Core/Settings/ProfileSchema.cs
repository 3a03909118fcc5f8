using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;
using static RunnerWebhook.Core.Settings.SchemaNode;

namespace RunnerWebhook.Core.Settings;

/// <summary>The schema of a profile.</summary>
internal static class ProfileSchema
{
    private const string NamePattern = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
    private const string SubdomainPattern = "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$";
    private const string DataKeyPattern = "^[-._a-zA-Z0-9]{1,253}$";
    private const string AddressPattern = @"^[-.:\[\]a-zA-Z0-9]*:[0-9]{1,5}$";
    private const string PathPattern = "^/[^:]+$";
    private const int MaxGracePeriodSeconds = 7 * 24 * 3600;
    private const int MaxMtu = 65_535;

    private static readonly RunnerProfile Unset = new() { Name = WellKnown.DefaultProfile };

    /// <summary>The pattern of a profile's, a container's and a volume's name.</summary>
    public static string Name => NamePattern;

    /// <summary>A profile.</summary>
    public static JsonObject Create() => Mapping(
        "One way to register and run a runner. What it leaves out has its built-in value.",
        ("register", Reference("Options of gitlab-runner register, under their own names", "register")),
        ("extraArgs", Texts("Arguments appended to register as they stand")),
        ("token", Token()),
        ("engine", Engine()),
        ("initContainer", InitContainer()),
        ("configVolume", Mapping("The emptyDir that holds config.toml",
            ("name", Text("The volume's name", Unset.ConfigVolume.Name, NamePattern)),
            ("mountPath", Text("The directory in both containers, absolute", Unset.ConfigVolume.MountPath, PathPattern)),
            ("medium", Words("Where it lies: empty for the node's disk", Unset.ConfigVolume.Medium, "", "Memory")))),
        ("socketVolume", Mapping("The hostPath volume of the node's Docker socket",
            ("name", Text("The volume's name", Unset.SocketVolume.Name, NamePattern)),
            ("type", Words("What kubelet checks before it mounts; empty for nothing", Unset.SocketVolume.Type,
                "", "Socket", "File", "FileOrCreate")))),
        ("lifecycle", Lifecycle()),
        ("template", Required(Mapping("A template of config.toml, for what no register option can say",
            ("configMapName", Text("The ConfigMap", null, SubdomainPattern)),
            ("key", Text("The key in it", TemplateSettings.DefaultKey, DataKeyPattern))), "configMapName")),
        ("certificates", Certificates()),
        ("cache", Required(Mapping("The distributed cache's credentials, from a Secret of the pod's namespace",
            ("secretName", Text("The Secret", null, SubdomainPattern)),
            ("keys", With(Mapping("The key in it for each register option that it states",
                [.. CacheSettings.Options.Select(option => (option.Name, Text(option.Meaning, null, DataKeyPattern)))]),
                "minProperties", 1))), "secretName", "keys")),
        ("global", Global()));

    /// <summary>A container's resources.</summary>
    public static JsonObject Resources()
    {
        var quantity = Typed("A quantity such as 50m, 1 or 64Mi", "string", "number");
        quantity["pattern"] = @"^([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$";
        quantity["minimum"] = 0;
        return Mapping("A container's resources, as Kubernetes takes them",
            ("requests", Map("What it needs, by resource", quantity)),
            ("limits", Map("What it may take, by resource", (JsonObject)quantity.DeepClone())));
    }

    private static JsonObject Token()
    {
        var token = Mapping("Where the runner's token comes from: a Secret of the pod's namespace",
            ("secretName", Text("The Secret", Unset.Token.SecretName, SubdomainPattern)),
            ("secretKey", Text("The key in the Secret", Unset.Token.SecretKey, DataKeyPattern)),
            ("mode", Words("How it is handed over: auto takes registration tokens, and authentication tokens (glrt-…) with "
                + "gitlab-runner 16.2 or later", "auto", "auto", "authentication", "registration")),
            ("value", Text("The token itself, instead of a Secret: visible to everyone who may read the pods", null,
                "^[!-~]+$")));
        return With(token, "not", new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("secretName", "value"),
            ["properties"] = new JsonObject
            {
                ["secretName"] = new JsonObject { ["type"] = "string" },
                ["value"] = new JsonObject { ["type"] = "string" },
            },
        });
    }

    private static JsonObject Engine()
    {
        var dind = Unset.Engine.Dind;
        return Mapping("The Docker Engine that jobs run on",
            ("kind", Words("Who provides it: the node, a container of the pod, a host elsewhere, or nobody",
                EngineName.Of(Unset.Engine.Kind), Enum.GetValues<EngineKind>().Select(EngineName.Of))),
            ("socketPath", Text("The socket, absolute, on the node and in the runner container", Unset.Engine.SocketPath,
                PathPattern)),
            ("dind", Mapping("The engine in the pod, for kind dind",
                ("name", Text("The container's name", dind.Name, NamePattern)),
                ("image", Text("Its image", dind.Image, @"^\S+$")),
                ("sidecar", Words("A native sidecar or an ordinary container; auto by the cluster's version", "auto",
                    "auto", "native", "container")),
                ("sizeLimit", Text("The size of its images and containers, as in 20Gi; empty for no limit", dind.SizeLimit)),
                ("mtu", Whole("The MTU of its networks; 0 for its own choice", dind.Mtu, 0, MaxMtu)),
                ("registryMirrors", Texts("Mirrors of Docker Hub", "^https?://")),
                ("args", Texts("Further arguments of dockerd", "^(?!-H|--host)")),
                ("resources", Reference("Its resources", "resources")))),
            ("remote", Mapping("The engine elsewhere, for kind remote",
                ("host", Text("Its address, as in tcp://docker.example.com:2376", null, @"^tcp://[^/\s@?#]+:[0-9]+/?$")),
                ("tlsSecretName", Text("A Secret with ca.pem, cert.pem and key.pem; none for plain TCP", null,
                    SubdomainPattern)))));
    }

    private static JsonObject InitContainer() => Mapping("The init container that registers the runner",
        ("name", Text("Its name", Unset.InitContainer.Name, NamePattern)),
        ("image", Text("Its image; empty for the runner container's own", Unset.InitContainer.Image, @"^\S*$")),
        ("guard", Flag("Whether a script sees to it that exactly one runner is registered, however often it runs",
            Unset.InitContainer.Guard)),
        ("position", Text("Its place among the pod's init containers: first, last or before:NAME",
            Unset.InitContainer.Position.ToString(), "^(first|last|before:[a-z0-9]([-a-z0-9]*[a-z0-9])?)$")),
        ("resources", With(Reference("Its resources", "resources"), "default", JsonText.ToNode(Unset.InitContainer.Resources))));

    private static JsonObject Lifecycle() => Mapping("How the runner keeps its identity and how it stops",
        ("unregister", Flag("Whether it unregisters before it stops", Unset.Lifecycle.Unregister)),
        ("gracePeriodSeconds", Whole("The time that running jobs get to end; 0 leaves the pod's own",
            Unset.Lifecycle.GracePeriodSeconds, 0, MaxGracePeriodSeconds)),
        ("systemId", Words("auto: the runner keeps its system id, by node or pod; random: it makes one", "auto",
            "auto", "random")));

    private static JsonObject Global() => Mapping("The global section of config.toml",
        ("concurrent", Whole("How many jobs run at once", 1, 1, int.MaxValue)),
        ("check_interval", Whole("Seconds between two requests for jobs; 0 for 3", null, 0, int.MaxValue)),
        ("shutdown_timeout", Whole("Seconds that a forced shutdown waits; 0 for 30", null, 0, int.MaxValue)),
        ("log_level", Words("What the runner logs", null, "debug", "info", "warn", "warning", "error", "fatal", "panic")),
        ("log_format", Words("How it logs", null, "runner", "text", "json")),
        ("listen_address", Text("Where its metrics are served, as in :9252", null, AddressPattern)),
        ("connection_max_age", Text("How long a connection to GitLab is kept, as in 15m", null,
            RegisterRule.Pattern(RegisterOptionKind.Duration))),
        ("sentry_dsn", Text("Where errors are reported to", null, "^https?://[!-~]+$")),
        ("session_server", Mapping("The server of interactive web terminals",
            ("listen_address", Text("Where it listens, as in [::]:8093", null, AddressPattern)),
            ("advertise_address", Text("Where GitLab reaches it", null, AddressPattern)),
            ("session_timeout", Whole("Seconds that a terminal stays open behind its job", null, 1, int.MaxValue)))));

    private static JsonObject Certificates()
    {
        var certificates = Mapping("The CA certificates of GitLab, where it has none of a public CA: a Secret or a ConfigMap",
            ("secretName", Text("The Secret", null, SubdomainPattern)),
            ("configMapName", Text("The ConfigMap", null, SubdomainPattern)),
            ("key", Text("The key in it", CertificateSettings.DefaultKey, DataKeyPattern)));
        certificates["if"] = new JsonObject { ["type"] = "object" };
        return With(certificates, "then", new JsonObject
        {
            ["oneOf"] = new JsonArray(Stated("secretName"), Stated("configMapName")),
        });
    }
}
