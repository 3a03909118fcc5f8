using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.PodSecurity;

/// <summary>The Pod Security Standard that a namespace enforces.</summary>
/// <param name="Level">The level.</param>
/// <param name="Version">The release whose rules apply.</param>
public sealed record PodSecurityStandard(PodSecurityLevel Level, KubernetesVersion Version)
{
    private const string Latest = "latest";

    /// <summary>The newest release whose rules are known here.</summary>
    public static KubernetesVersion Newest { get; } = new(1, 37);

    /// <summary>The standard that a namespace's labels ask for. A value that Kubernetes does not know counts as
    /// <c>restricted</c> or <c>latest</c>, as in its admission.</summary>
    /// <param name="labels">The namespace's labels.</param>
    /// <param name="cluster">The cluster's release, which <c>latest</c> means; null if it is not known: the newest.</param>
    public static PodSecurityStandard Of(IReadOnlyDictionary<string, string> labels, KubernetesVersion? cluster)
    {
        var level = labels.GetValueOrDefault(WellKnown.PodSecurityLabel) switch
        {
            null or "privileged" => PodSecurityLevel.Privileged,
            "baseline" => PodSecurityLevel.Baseline,
            _ => PodSecurityLevel.Restricted,
        };
        var asked = KubernetesVersion.TryParse(labels.GetValueOrDefault(WellKnown.PodSecurityVersionLabel) ?? Latest);
        var version = asked ?? cluster ?? Newest;
        return new(level, version < Newest ? version : Newest);
    }

    /// <summary>Every rule that refuses a pod, in the order of <see cref="PodSecurityRules.All"/>.</summary>
    /// <param name="template">The pod, or the pod template.</param>
    public ImmutableArray<PodSecurityViolation> Violations(JsonElement template)
    {
        if (Level == PodSecurityLevel.Privileged)
        {
            return [];
        }

        var pod = new JudgedPod(template, Version);
        var rules = PodSecurityRules.All.Where(rule => rule.Level <= Level && rule.Since <= Version.Minor).ToArray();
        var overridden = rules.Select(rule => rule.Overrides).ToArray();
        return
        [
            .. rules.Where(rule => !overridden.Contains(rule.Name))
                .Select(rule => rule.Judge(pod)).OfType<PodSecurityViolation>(),
        ];
    }

    /// <summary>Level and release, as in <c>restricted (1.36)</c>.</summary>
    public override string ToString() => $"{Level.ToString().ToLowerInvariant()} ({Version})";
}
