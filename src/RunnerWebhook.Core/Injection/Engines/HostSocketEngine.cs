using System.Text.Json.Nodes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>The node's own engine: its socket is mounted at its own path.</summary>
internal sealed class HostSocketEngine : IEngine
{
    public IEnumerable<(string Option, string Value)> Options(EngineSettings settings) =>
        settings.SocketPath == EngineSettings.UsualSocketPath ? [] : [("docker-host", "unix://" + settings.SocketPath)];

    public IEnumerable<Finding> Needs(RunnerPod pod)
    {
        var (path, settings) = (pod.Profile.Engine.SocketPath, pod.Profile.SocketVolume);
        if (pod.Template.Volumes.FirstOrDefault(Provides) is { } own && own.Name != settings.Name)
        {
            return pod.Mount(own.Name, path, "the Docker socket");
        }

        var hostPath = new JsonObject { ["path"] = path };
        if (settings.Type.Length > 0)
        {
            hostPath["type"] = settings.Type;
        }

        return pod.Mount(settings.Name, path, "the Docker socket").Concat(
            pod.Volume(new() { ["name"] = settings.Name, ["hostPath"] = hostPath },
                $"the Docker socket is hostPath {path}", "socketVolume.name", Provides));

        bool Provides(Volume volume) => volume.HostPath is { } host && VolumeMount.SamePath(host, path);
    }
}
