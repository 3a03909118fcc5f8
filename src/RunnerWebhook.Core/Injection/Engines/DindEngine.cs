using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>A Docker Engine in the pod. It listens on a second socket too, at the usual path: that is what a job mounts that
/// mounts <c>/var/run/docker.sock</c>.</summary>
internal sealed class DindEngine : PodEngine
{
    private const string File = "docker.sock";
    private const string Socket = "unix://" + WellKnown.DindDirectory + "/" + File;

    // Without it the image makes certificates for a port that isn't opened.
    protected override IEnumerable<JsonNode> Env =>
        [new JsonObject { ["name"] = "DOCKER_TLS_CERTDIR", ["value"] = "" }];

    public override IEnumerable<Finding> Needs(RunnerPod pod) =>
        pod.Profile.Engine.Dind.UserNamespace ? [.. base.Needs(pod), .. UserNamespace.Of(pod)] : base.Needs(pod);

    protected override SidecarSettings Settings(EngineSettings engine) => engine.Dind;

    protected override string SocketName(EngineSettings engine) => File;

    protected override string SocketDirectory(EngineSettings engine) => WellKnown.DindDirectory;

    protected override string DataDirectory(EngineSettings engine) => "/var/lib/docker";

    // The word dockerd comes first: the image's entrypoint would add --host=tcp://0.0.0.0:2375 to flags alone.
    protected override (string Field, ImmutableArray<string> Words) Program(EngineSettings engine)
    {
        string[] mtu = engine.Dind.Mtu > 0 ? ["--mtu=" + engine.Dind.Mtu.ToString(CultureInfo.InvariantCulture)] : [];
        return ("args",
        [
            "dockerd", "--host=unix://" + engine.SocketPath, "--host=" + Socket, .. mtu,
            .. engine.Dind.RegistryMirrors.Select(mirror => "--registry-mirror=" + mirror), .. engine.Dind.Args,
        ]);
    }

    // In a user namespace runtimes give no cgroup of its own to a privileged container. Without the word it can have one; its
    // capabilities count inside of the namespace only.
    protected override JsonObject SecurityContext(EngineSettings engine) => !engine.Dind.UserNamespace
        ? base.SecurityContext(engine)
        : new()
        {
            ["capabilities"] = new JsonObject { ["add"] = new JsonArray("ALL") },
            ["procMount"] = "Unmasked",
            ["seccompProfile"] = new JsonObject { ["type"] = "Unconfined" },
            ["appArmorProfile"] = new JsonObject { ["type"] = "Unconfined" },
        };

    protected override ImmutableArray<string> Probe(EngineSettings engine) => ["docker", "--host=" + Socket, "info"];
}
