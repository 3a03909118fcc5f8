using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Resolution;

namespace RunnerWebhook.Core.Explaining;

/// <summary>What a workload gets in a namespace, where its own annotations set nothing.</summary>
/// <param name="Rule">The rule that counts; null where there is no policy, or no rule is for the namespace.</param>
/// <param name="Settings">The settings with their origins; null where they could not be resolved.</param>
/// <param name="Problems">Why it would be refused, or only warned about where the rule only warns; empty where it would
/// be injected.</param>
public sealed record NamespaceExplanation(PolicyRule? Rule, ResolvedSettings? Settings, ImmutableArray<string> Problems)
{
    /// <summary>Whether it would be refused.</summary>
    public bool IsDenied => !Problems.IsEmpty && (Settings is null || Rule is not { WarnOnly: true });
}
