using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>An engine inside the pod: a privileged container that listens on a unix socket in a directory which it shares with
/// the runner (a mount can't wait for a file), and on no port.</summary>
internal abstract class PodEngine : IEngine
{
    public virtual IEnumerable<(string Option, string Value)> Options(EngineSettings settings) =>
        [("docker-host", $"unix://{WellKnown.DindDirectory}/{SocketName(settings)}")];

    public JsonElement? Resources(EngineSettings settings) => Settings(settings).Resources;

    public Sidecar? Sidecar(RunnerPod pod)
    {
        var (kind, settings) = (EngineName.Of(pod.Profile.Engine.Kind), Settings(pod.Profile.Engine));
        var hasNative = pod.Kubernetes >= KubernetesVersion.NativeSidecars;
        var isNative = settings.Sidecar == SidecarKind.Native || (settings.Sidecar == SidecarKind.Auto && hasNative);
        return new(Container(pod, isNative), isNative, $"engine.{kind}.name", [.. OnSidecar()]);

        IEnumerable<Finding> OnSidecar()
        {
            if (settings.Sidecar == SidecarKind.Auto && pod.Kubernetes is null)
            {
                yield return Finding.Guess($"{settings.Name} is an ordinary container, as it is unknown whether the cluster has "
                    + $"native sidecars (1.29): say --kubernetes-version, or set engine.{kind}.sidecar");
            }
            else if (settings.Sidecar == SidecarKind.Native && pod.Kubernetes is not null && !hasNative)
            {
                yield return Finding.Advise($"Kubernetes {pod.Kubernetes} has native sidecars switched off unless a feature gate "
                    + $"says otherwise: without it the pod waits forever for {settings.Name} to end; set engine.{kind}.sidecar "
                    + "to auto");
            }
        }
    }

    public virtual IEnumerable<Finding> Needs(RunnerPod pod)
    {
        var (socketVolume, sizeLimit) = (pod.Profile.SocketVolume.Name, Settings(pod.Profile.Engine).SizeLimit);
        return
        [
            .. pod.Mount(socketVolume, WellKnown.DindDirectory, "the Docker socket"),
            .. pod.EmptyDir(socketVolume, [], "the Docker socket", "socketVolume.name"),
            .. pod.EmptyDir(WellKnown.DockerDataVolume,
                sizeLimit.Length > 0 ? new() { ["sizeLimit"] = sizeLimit } : [], "the engine's data"),
        ];
    }

    /// <summary>The container's settings.</summary>
    protected abstract SidecarSettings Settings(EngineSettings engine);

    /// <summary>The name of the socket's file.</summary>
    protected abstract string SocketName(EngineSettings engine);

    /// <summary>The directory in the container that is shared with the runner.</summary>
    protected abstract string SocketDirectory(EngineSettings engine);

    /// <summary>The directory of images and containers.</summary>
    protected abstract string DataDirectory(EngineSettings engine);

    /// <summary>The program with its arguments, and the field of the container that takes it.</summary>
    protected abstract (string Field, ImmutableArray<string> Words) Program(EngineSettings engine);

    /// <summary>The command that succeeds once the engine answers.</summary>
    protected abstract ImmutableArray<string> Probe(EngineSettings engine);

    /// <summary>The variables of the engine itself.</summary>
    protected virtual IEnumerable<JsonNode> Env => [];

    /// <summary>The container's security context.</summary>
    protected virtual JsonObject SecurityContext(EngineSettings engine) => new() { ["privileged"] = true };

    private JsonObject Container(RunnerPod pod, bool isNative)
    {
        var engine = pod.Profile.Engine;
        var access = new EngineAccess(pod);
        var settings = Settings(engine);
        var container = new JsonObject { ["name"] = settings.Name, ["image"] = settings.Image };
        if (isNative)
        {
            container["restartPolicy"] = "Always";
        }

        var (field, words) = Program(engine);
        container[field] = JsonText.Array(words.Select(VariableReference.Escape));
        JsonArray environment = [.. Env, .. access.Env];
        if (environment.Count > 0)
        {
            container["env"] = environment;
        }

        if (PodResources.Share(pod.Template, settings.Resources) is { } resources)
        {
            container["resources"] = resources;
        }

        var socket = $"{SocketDirectory(engine)}/{SocketName(engine)}";
        var ready = Shell(Scripts.EngineReady, "engine-ready", [socket, .. Probe(engine)]);
        container["startupProbe"] = new JsonObject
        {
            ["exec"] = new JsonObject { ["command"] = JsonText.Array(ready) },
            ["periodSeconds"] = 2,
            ["timeoutSeconds"] = 5,
            ["failureThreshold"] = 60,
        };
        if (!isNative)
        {
            container["lifecycle"] = new JsonObject
            {
                ["postStart"] = Exec(Scripts.EngineStart, "engine-start", ready),
                ["preStop"] = Exec(Scripts.EngineStop, "engine-stop", [socket]),
            };
        }

        container["securityContext"] = SecurityContext(engine);
        container["volumeMounts"] = access.Mounts(
            new JsonObject { ["name"] = pod.Profile.SocketVolume.Name, ["mountPath"] = SocketDirectory(engine) },
            new JsonObject { ["name"] = WellKnown.DockerDataVolume, ["mountPath"] = DataDirectory(engine) });
        return container;
    }

    private static JsonObject Exec(string script, string name, ImmutableArray<string> arguments) => new()
    {
        ["exec"] = new JsonObject { ["command"] = JsonText.Array(Shell(script, name, arguments)) },
    };

    private static ImmutableArray<string> Shell(string script, string name, ImmutableArray<string> arguments) =>
        ["/bin/sh", "-c", script, name, .. arguments];
}
