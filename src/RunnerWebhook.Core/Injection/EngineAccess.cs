using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Injection;

/// <summary>What a pod's own engine is given to reach registries: the runner container's proxy and certificates, and those of the
/// settings.</summary>
internal sealed class EngineAccess
{
    private const string CertificateVariable = "SSL_CERT_FILE";

    private readonly AccessMirror _mirror;
    private readonly MountedFile? _certificates;

    /// <param name="pod">The pod.</param>
    public EngineAccess(RunnerPod pod)
    {
        _mirror = new(pod.Template, pod.Runner, AccessUse.Engine, [], []);
        _certificates = _mirror.Env.Any(variable => (string)variable["name"]! == CertificateVariable)
            ? null
            : MountedFile.Certificates(pod.Profile);
    }

    /// <summary>The variables.</summary>
    public IEnumerable<JsonNode> Env => _certificates is null
        ? _mirror.Env
        : _mirror.Env.Append(new JsonObject { ["name"] = CertificateVariable, ["value"] = _certificates.Path });

    /// <summary>The engine's own mounts, and those that come with the runner's.</summary>
    public JsonArray Mounts(params JsonObject[] own)
    {
        JsonNode[] needed = _certificates is null ? own : [.. own, _certificates.ToMount()];
        return [.. needed, .. _mirror.Mounts(needed.Select(mount => (string)mount["mountPath"]!))];
    }
}
