using System.Collections.Immutable;

namespace RunnerWebhook.Core.Settings;

/// <summary>Register options that this program sets itself.</summary>
internal static class ReservedOption
{
    private static readonly ImmutableSortedDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["token"] = "comes from a Secret: set token.secretName in the profile, or the annotation gitlab-runner/token-secret",
        ["registration-token"] = "comes from a Secret: set token.secretName in the profile, or the annotation "
            + "gitlab-runner/token-secret",
        ["config"] = "follows from configVolume.mountPath in the profile",
        ["template-config"] = "is set by template in the profile, which names a ConfigMap",
        ["non-interactive"] = "is always set",
        ["name"] = "is an alias of description: use that",
        ["runner-monitoring"] = "is read by register and then dropped: set it in a template of config.toml",
        ["docker-services"] = "is not an option of register: gitlab-runner takes services from a template only",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Their names, but for the keys of <c>global</c>, which are no options.</summary>
    public static IEnumerable<string> Names => Reasons.Keys;

    /// <summary>Why the option can't be set under <c>register</c>, and what to set instead; null if it can.</summary>
    public static string? Reason(string name) => Reasons.TryGetValue(name, out var reason) ? reason
        : ProfileKeys.Globals.Contains(name) ? "is not an option of register: set it under global in the profile" : null;
}
