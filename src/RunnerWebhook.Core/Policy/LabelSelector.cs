using System.Collections.Immutable;

namespace RunnerWebhook.Core.Policy;

/// <summary>Kubernetes' label selector (source: <c>k8s.io/apimachinery</c>, LabelSelector): all requirements must
/// hold.</summary>
/// <param name="Requirements">The requirements; <c>matchLabels</c> are among them as <c>In</c> with one value.</param>
public sealed record LabelSelector(ImmutableArray<LabelRequirement> Requirements)
{
    /// <summary>Whether an object with these labels is selected.</summary>
    public bool Matches(ImmutableDictionary<string, string> labels) =>
        Requirements.All(requirement => requirement.Accepts(labels.GetValueOrDefault(requirement.Key)));
}
