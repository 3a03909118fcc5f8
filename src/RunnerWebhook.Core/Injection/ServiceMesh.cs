using System.Collections.Frozen;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>Service meshes send the pod's traffic to a proxy. Where the proxy is an ordinary container, init containers that come
/// after have no network.</summary>
internal static class ServiceMesh
{
    /// <summary>The init container that turns the traffic to the proxy, and the proxy.</summary>
    internal static FrozenDictionary<string, string> Redirects { get; } = new Dictionary<string, string>
    {
        ["istio-init"] = "istio-proxy",
        ["linkerd-init"] = "linkerd-proxy",
        ["kuma-init"] = "kuma-sidecar",
        ["consul-connect-inject-init"] = "consul-dataplane",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // With these the node's CNI plugin has turned it before the first init container, which only looks whether it has.
    private static readonly FrozenDictionary<string, string> Checks = new Dictionary<string, string>
    {
        ["istio-validation"] = "istio-proxy",
        ["linkerd-network-validator"] = "linkerd-proxy",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The init container after which there is no network until the proxy runs; null if there is none.</summary>
    public static Container? RedirectIn(PodTemplate template) => Find(template, Redirects);

    /// <summary>The init container by which no other one can have network; null if there is none.</summary>
    public static Container? CheckIn(PodTemplate template) => Find(template, Checks);

    // A native sidecar is among the init containers, and runs before those after it.
    private static Container? Find(PodTemplate template, FrozenDictionary<string, string> proxies) =>
        template.InitContainers.FirstOrDefault(init => proxies.TryGetValue(init.Name, out var proxy)
            && template.InitContainers.All(own => own.Name != proxy));
}
