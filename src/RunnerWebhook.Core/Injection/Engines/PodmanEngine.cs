using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>Podman in the pod, which serves the Docker API. It has one socket: the directory of the usual path is the shared one,
/// so that jobs can mount the socket there.</summary>
internal sealed class PodmanEngine : PodEngine
{
    private const int User = 1000;

    public override IEnumerable<Finding> Needs(RunnerPod pod) => SocketDirectory(pod.Profile.Engine).Length > 0
        ? base.Needs(pod)
        : base.Needs(pod).Append(Finding.Refuse(OutcomeCode.DeniedSettingInvalid,
            $"engine.socketPath is {pod.Profile.Engine.SocketPath}, but engine podman shares the socket's directory, which can't "
                + "be the root: use another one"));

    // Podman has no BuildKit. Without this, docker build starts a builder of its own in a container, and its images never reach
    // Podman.
    public override IEnumerable<(string Option, string Value)> Options(EngineSettings settings) =>
        base.Options(settings).Append(("env", "DOCKER_BUILDKIT=0"));

    protected override SidecarSettings Settings(EngineSettings engine) => engine.Podman;

    protected override string SocketName(EngineSettings engine) =>
        engine.SocketPath[(engine.SocketPath.LastIndexOf('/') + 1)..];

    protected override string SocketDirectory(EngineSettings engine) =>
        engine.SocketPath[..engine.SocketPath.LastIndexOf('/')];

    // Where the image's users have them.
    protected override string DataDirectory(EngineSettings engine) =>
        engine.Podman.Rootless ? "/home/podman/.local/share/containers" : "/var/lib/containers";

    // What Podman knows of running containers must not outlive its own container, as the shared directory does.
    protected override (string Field, ImmutableArray<string> Words) Program(EngineSettings engine) => ("command",
    [
        "podman", "--runroot=/tmp/podman-containers", "--tmpdir=/tmp/podman", .. engine.Podman.Args,
        "system", "service", "--time=0", "unix://" + engine.SocketPath,
    ]);

    protected override ImmutableArray<string> Probe(EngineSettings engine) =>
        ["podman", "--url=unix://" + engine.SocketPath, "info"];

    protected override JsonObject SecurityContext(EngineSettings engine)
    {
        var context = base.SecurityContext(engine);
        context["runAsUser"] = engine.Podman.Rootless ? User : 0;
        context["runAsGroup"] = engine.Podman.Rootless ? User : 0;
        return context;
    }
}
