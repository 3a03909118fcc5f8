using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Check;

/// <summary>Kubernetes' Pod Security Standards, as far as runners come up against them.</summary>
internal static class PodSecurity
{
    private static readonly string[] HostNamespaces = ["hostNetwork", "hostPID", "hostIPC"];

    /// <summary>What a level refuses in a pod template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="level"><c>privileged</c>, <c>baseline</c> or <c>restricted</c>.</param>
    public static ImmutableArray<string> Violations(JsonElement template, string level) => level switch
    {
        "baseline" => [.. Baseline(template)],
        "restricted" => [.. Baseline(template), .. Restricted(template)],
        _ => [],
    };

    private static IEnumerable<string> Baseline(JsonElement template) =>
    [
        .. HostNamespaces.Where(field => template.IsTrue("spec", field)),
        .. template.List("spec", "volumes").Where(volume => volume.At("hostPath") is not null)
            .Select(volume => $"volume {volume.Text("name")} is a hostPath"),
        .. Containers(template).Where(container => container.IsTrue("securityContext", "privileged"))
            .Select(container => $"container {container.Text("name")} is privileged"),
    ];

    private static IEnumerable<string> Restricted(JsonElement template) => Containers(template)
        .Select(container => (Name: container.Text("name"), Lacks: Lacks(container, template).ToArray()))
        .Where(found => found.Lacks.Length > 0)
        .Select(found => $"container {found.Name} lacks {string.Join(", ", found.Lacks)}");

    private static IEnumerable<string> Lacks(JsonElement container, JsonElement template)
    {
        if (container.At("securityContext", "allowPrivilegeEscalation") is not { ValueKind: JsonValueKind.False })
        {
            yield return "allowPrivilegeEscalation: false";
        }

        if (!container.List("securityContext", "capabilities", "drop").Any(capability => capability.GetString() == "ALL"))
        {
            yield return "capabilities.drop: [ALL]";
        }

        var own = container.At("securityContext", "runAsNonRoot") ?? template.At("spec", "securityContext", "runAsNonRoot");
        if (own is not { ValueKind: JsonValueKind.True })
        {
            yield return "runAsNonRoot: true";
        }

        var seccomp = container.Text("securityContext", "seccompProfile", "type") is { Length: > 0 } type
            ? type : template.Text("spec", "securityContext", "seccompProfile", "type");
        if (seccomp is not ("RuntimeDefault" or "Localhost"))
        {
            yield return "seccompProfile.type: RuntimeDefault";
        }
    }

    private static IEnumerable<JsonElement> Containers(JsonElement template) =>
        template.List("spec", "initContainers").Concat(template.List("spec", "containers"));
}
