using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;
using static RunnerWebhook.Core.PodSecurity.JudgedPod;

namespace RunnerWebhook.Core.PodSecurity;

/// <summary>One rule of the Pod Security Standards.</summary>
/// <param name="Name">Its name in Kubernetes' list of checks.</param>
/// <param name="Level">The lowest level that has it.</param>
/// <param name="Since">The first minor release that has it.</param>
/// <param name="Allowed">What it allows, for a release.</param>
/// <param name="Refused">The fields with refused values, each a text for people.</param>
internal sealed record PodSecurityRule(string Name, PodSecurityLevel Level, int Since,
    Func<KubernetesVersion, string> Allowed, Func<JudgedPod, IEnumerable<string>> Refused)
{
    /// <summary>The rule of a lower level that this one takes the place of; null for none.</summary>
    public string? Overrides { get; init; }

    /// <summary>The release from which Windows pods are free of the rule; null for never.</summary>
    public int? FreesWindowsSince { get; init; }

    /// <summary>The release from which pods in a user namespace are free of the rule; null for never.</summary>
    public int? FreesUserNamespacesSince { get; init; }

    /// <summary>Judges a pod.</summary>
    /// <returns>What is refused; null if nothing is.</returns>
    public PodSecurityViolation? Judge(JudgedPod pod)
    {
        if ((pod.IsWindows && FreesWindowsSince <= pod.Version.Minor)
            || (pod.InUserNamespace && FreesUserNamespacesSince <= pod.Version.Minor))
        {
            return null;
        }

        var fields = Refused(pod).ToImmutableArray();
        return fields.IsEmpty ? null : new(Name, fields, Allowed(pod.Version));
    }

    /// <summary>A field of each place that has a value outside of those allowed. A field that is not set is allowed.</summary>
    public static IEnumerable<string> Outside(
        IEnumerable<Place> places, ImmutableArray<string> field, Func<JsonElement, bool> isAllowed) =>
        from place in places
        let value = place.Json.At(field.AsSpan())
        where value is { } given && !isAllowed(given)
        select $"{place.Path}.{string.Join('.', field)} is {Shown(value.Value)}";

    /// <summary>Whether a value is one of some texts.</summary>
    public static bool IsOneOf(JsonElement value, ImmutableArray<string> texts) =>
        value.ValueKind == JsonValueKind.String && texts.Contains(value.GetString()!);

    /// <summary>A value for people.</summary>
    public static string Shown(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? $"'{value.GetString()}'" : value.GetRawText();
}
