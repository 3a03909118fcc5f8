using System.Globalization;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>
/// An engine of the pod's own, in a privileged container. It listens on two unix sockets and no port: one in a directory
/// that it shares with the runner (a mount can't wait for a file), and one at the usual path, which is what a job mounts
/// that mounts <c>/var/run/docker.sock</c>.
/// </summary>
internal sealed class DindEngine : IEngine
{
    private const string Socket = WellKnown.DindDirectory + "/docker.sock";

    public IEnumerable<(string Option, string Value)> Options(EngineSettings settings) => [("docker-host", "unix://" + Socket)];

    public Sidecar? Sidecar(PodPlan plan)
    {
        var settings = plan.Profile.Engine.Dind;
        var hasNative = plan.Kubernetes >= KubernetesVersion.NativeSidecars;
        if (settings.Sidecar == SidecarKind.Auto && plan.Kubernetes is null)
        {
            plan.Advise($"{settings.Name} is an ordinary container, as it is unknown whether the cluster has native sidecars "
                + "(1.29): say --kubernetes-version, or set engine.dind.sidecar");
        }
        else if (settings.Sidecar == SidecarKind.Native && plan.Kubernetes is not null && !hasNative)
        {
            plan.Advise($"Kubernetes {plan.Kubernetes} has native sidecars switched off unless a feature gate says otherwise: "
                + $"without it the pod waits for ever for {settings.Name} to end; set engine.dind.sidecar to auto");
        }

        var isNative = settings.Sidecar == SidecarKind.Native
            || (settings.Sidecar == SidecarKind.Auto && hasNative);
        return new(Container(plan, isNative), isNative, "engine.dind.name");
    }

    public void AddTo(PodPlan plan)
    {
        var (socketVolume, sizeLimit) = (plan.Profile.SocketVolume.Name, plan.Profile.Engine.Dind.SizeLimit);
        plan.Mount(socketVolume, WellKnown.DindDirectory, "the Docker socket");
        plan.AddEmptyDir(socketVolume, [], "the Docker socket", "socketVolume.name");
        plan.AddEmptyDir(WellKnown.DockerDataVolume,
            sizeLimit.Length > 0 ? new() { ["sizeLimit"] = sizeLimit } : [], "the engine's data");
    }

    private static JsonObject Container(PodPlan plan, bool isNative)
    {
        var profile = plan.Profile;
        var access = new EngineAccess(plan);
        var settings = profile.Engine.Dind;
        var container = new JsonObject { ["name"] = settings.Name, ["image"] = settings.Image };
        if (isNative)
        {
            container["restartPolicy"] = "Always";
        }

        container["args"] = Arguments(profile.Engine);
        // Without it the image makes certificates for a port that isn't opened.
        container["env"] = new JsonArray(
            [new JsonObject { ["name"] = "DOCKER_TLS_CERTDIR", ["value"] = "" }, .. access.Env]);
        if (settings.Resources.EnumerateObject().Any())
        {
            container["resources"] = JsonText.ToNode(settings.Resources);
        }

        container["startupProbe"] = new JsonObject
        {
            ["exec"] = new JsonObject { ["command"] = new JsonArray("docker", "--host=unix://" + Socket, "info") },
            ["periodSeconds"] = 2,
            ["timeoutSeconds"] = 5,
            ["failureThreshold"] = 60,
        };
        if (!isNative)
        {
            container["lifecycle"] = new JsonObject
            {
                ["postStart"] = Exec(Scripts.DindStart, "dind-start"),
                ["preStop"] = Exec(Scripts.DindStop, "dind-stop"),
            };
        }

        container["securityContext"] = new JsonObject { ["privileged"] = true };
        container["volumeMounts"] = access.Mounts(
            new JsonObject { ["name"] = profile.SocketVolume.Name, ["mountPath"] = WellKnown.DindDirectory },
            new JsonObject { ["name"] = WellKnown.DockerDataVolume, ["mountPath"] = "/var/lib/docker" });
        return container;
    }

    // The word dockerd comes first: the image's entrypoint would add --host=tcp://0.0.0.0:2375 to flags alone.
    private static JsonArray Arguments(EngineSettings engine)
    {
        var arguments = new List<string> { "dockerd", "--host=unix://" + engine.SocketPath, "--host=unix://" + Socket };
        if (engine.Dind.Mtu > 0)
        {
            arguments.Add("--mtu=" + engine.Dind.Mtu.ToString(CultureInfo.InvariantCulture));
        }

        arguments.AddRange(engine.Dind.RegistryMirrors.Select(mirror => "--registry-mirror=" + mirror));
        arguments.AddRange(engine.Dind.Args);
        return [.. arguments.Select(argument => (JsonNode?)VariableReference.Escape(argument))];
    }

    private static JsonObject Exec(string script, string name) => new()
    {
        ["exec"] = new JsonObject { ["command"] = new JsonArray("/bin/sh", "-c", script, name, Socket) },
    };
}
