using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// Addresses of pieces: pointers from the pod template in which elements of lists are named by the key that Kubernetes
/// merges them by: <c>mountPath</c> for volume mounts, <c>name</c> for everything else.
/// </summary>
public static class PieceAddress
{
    private const string MountsList = "volumeMounts";

    /// <summary>The address of the status annotation.</summary>
    public static JsonPointer Status { get; } = JsonPointer.Of("metadata", "annotations", WellKnown.StatusAnnotation);

    /// <summary>The address of <c>spec.terminationGracePeriodSeconds</c>.</summary>
    public static JsonPointer GracePeriod { get; } = JsonPointer.Of("spec", "terminationGracePeriodSeconds");

    /// <summary>The address of <c>spec.hostUsers</c>.</summary>
    public static JsonPointer HostUsers { get; } = JsonPointer.Of("spec", "hostUsers");

    /// <summary>The address of <c>spec.runtimeClassName</c>.</summary>
    public static JsonPointer RuntimeClass { get; } = JsonPointer.Of("spec", "runtimeClassName");

    /// <summary>The address of the list of containers.</summary>
    public static JsonPointer Containers { get; } = JsonPointer.Of("spec", "containers");

    /// <summary>The address of an init container.</summary>
    public static JsonPointer InitContainer(string name) => JsonPointer.Of("spec", "initContainers", name);

    /// <summary>The address of a container.</summary>
    public static JsonPointer Container(string name) => Containers.Append(name);

    /// <summary>The address of a volume.</summary>
    public static JsonPointer Volume(string name) => JsonPointer.Of("spec", "volumes", name);

    /// <summary>The address of a container's volume mount.</summary>
    public static JsonPointer Mount(string container, string mountPath) =>
        JsonPointer.Of("spec", "containers", container, MountsList, mountPath);

    /// <summary>The address of a container's environment variable.</summary>
    public static JsonPointer Env(string container, string name) =>
        JsonPointer.Of("spec", "containers", container, "env", name);

    /// <summary>The address of a container's lifecycle hooks.</summary>
    public static JsonPointer Lifecycle(string container) => JsonPointer.Of("spec", "containers", container, "lifecycle");

    /// <summary>The container that an address lies in; null if it lies in none.</summary>
    public static string? ContainerOf(JsonPointer address) =>
        address.Tokens is ["spec", "containers", var container, _, ..] ? container : null;

    /// <summary>Whether the address is that of an element of a list, and not that of a field.</summary>
    public static bool IsListElement(JsonPointer address) =>
        address.Tokens is [.., "initContainers" or "containers" or "volumes" or MountsList or "env", _];

    /// <summary>Finds what an address names.</summary>
    /// <param name="template">The pod template.</param>
    /// <param name="address">The address.</param>
    /// <returns>The JSON pointer from the template, and the value; null if there is nothing.</returns>
    public static (JsonPointer Path, JsonElement Value)? Find(JsonElement template, JsonPointer address)
    {
        var at = template;
        var path = JsonPointer.Root;
        var list = "";
        foreach (var token in address.Tokens)
        {
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(token, out var member))
            {
                (at, path, list) = (member, path.Append(token), token);
            }
            else if (at.ValueKind == JsonValueKind.Array && IndexOf(at, list, token) is { } index)
            {
                (at, path) = (at[index], path.Append(index));
            }
            else
            {
                return null;
            }
        }

        return (path, at);
    }

    private static int? IndexOf(JsonElement elements, string list, string key)
    {
        var field = list == MountsList ? "mountPath" : "name";
        foreach (var (index, element) in elements.EnumerateArray().Index())
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(field, out var value)
                && value.ValueKind == JsonValueKind.String && value.ValueEquals(key))
            {
                return index;
            }
        }

        return null;
    }
}
