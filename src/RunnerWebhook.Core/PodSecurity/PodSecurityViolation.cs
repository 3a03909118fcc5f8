using System.Collections.Immutable;

namespace RunnerWebhook.Core.PodSecurity;

/// <summary>What one rule refuses in a pod.</summary>
/// <param name="Rule">The rule's name in Kubernetes' own list, e.g. <c>hostPathVolumes</c>.</param>
/// <param name="Fields">The fields with the refused values, e.g. <c>spec.hostPID is true</c>.</param>
/// <param name="Allowed">What the rule allows in these fields.</param>
public sealed record PodSecurityViolation(string Rule, ImmutableArray<string> Fields, string Allowed)
{
    /// <summary>The first field, the number of others, and what is allowed: short enough for a warning.</summary>
    public override string ToString() =>
        $"{Fields[0]}{(Fields.Length > 1 ? $" and {Fields.Length - 1} more" : "")} (allowed: {Allowed})";
}
