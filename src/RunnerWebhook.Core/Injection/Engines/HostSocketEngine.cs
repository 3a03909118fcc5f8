using System.Text.Json.Nodes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>The node's own engine: its socket is mounted at its own path.</summary>
internal sealed class HostSocketEngine : IEngine
{
    public IEnumerable<(string Option, string Value)> Options(EngineSettings settings) =>
        settings.SocketPath == EngineSettings.UsualSocketPath ? [] : [("docker-host", "unix://" + settings.SocketPath)];

    public void AddTo(PodPlan plan)
    {
        var (path, settings) = (plan.Profile.Engine.SocketPath, plan.Profile.SocketVolume);
        if (plan.Template.Volumes.FirstOrDefault(Provides) is { } own && own.Name != settings.Name)
        {
            plan.Mount(own.Name, path, "the Docker socket");
            return;
        }

        plan.Mount(settings.Name, path, "the Docker socket");
        var hostPath = new JsonObject { ["path"] = path };
        if (settings.Type.Length > 0)
        {
            hostPath["type"] = settings.Type;
        }

        plan.AddVolume(new() { ["name"] = settings.Name, ["hostPath"] = hostPath },
            $"the Docker socket is hostPath {path}", "socketVolume.name", Provides);

        bool Provides(Volume volume) => volume.HostPath is { } host && VolumeMount.SamePath(host, path);
    }
}
