using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>An engine elsewhere, over TCP: the pod needs no privilege at all.</summary>
internal sealed class RemoteEngine : IEngine
{
    public IEnumerable<(string Option, string Value)> Options(EngineSettings settings) =>
        settings.Remote.TlsSecretName.Length == 0
            ? [("docker-host", settings.Remote.Host)]
            :
            [
                ("docker-host", settings.Remote.Host),
                ("docker-cert-path", WellKnown.DockerTlsDirectory),
                ("docker-tlsverify", "true"),
            ];

    public IEnumerable<Finding> Needs(RunnerPod pod) => pod.Profile.Engine.Remote switch
    {
        { Host.Length: 0 } => [Finding.Refuse(OutcomeCode.DeniedSettingMissing,
            $"engine remote has no address: set engine.remote.host under profiles.{pod.Profile.Name} in the configuration")],
        { TlsSecretName.Length: 0, Host: var host } => [Finding.Advise(
            $"engine {host} is used without TLS: every client that can reach it has root access to that host; set "
                + "engine.remote.tlsSecretName")],
        { TlsSecretName: var secret } => pod
            .Mount(WellKnown.DockerTlsVolume, WellKnown.DockerTlsDirectory, "the certificate for the Docker Engine")
            .Concat(pod.Volume(
                new() { ["name"] = WellKnown.DockerTlsVolume, ["secret"] = new JsonObject { ["secretName"] = secret } },
                $"the certificate for the Docker Engine comes from Secret {secret}")),
    };
}
