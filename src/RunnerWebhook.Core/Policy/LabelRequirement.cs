using System.Collections.Immutable;

namespace RunnerWebhook.Core.Policy;

/// <summary>One requirement of a label selector.</summary>
/// <param name="Key">The label's key.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Values">What it is compared with; empty for <see cref="LabelOperator.Exists"/> and
/// <see cref="LabelOperator.DoesNotExist"/>.</param>
public sealed record LabelRequirement(string Key, LabelOperator Operator, ImmutableArray<string> Values)
{
    /// <summary>Whether the labels meet the requirement. As in Kubernetes, a label that is absent meets
    /// <see cref="LabelOperator.NotIn"/>.</summary>
    public bool Matches(ImmutableDictionary<string, string> labels)
    {
        var isThere = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            LabelOperator.In => isThere && Values.Contains(value!),
            LabelOperator.NotIn => !isThere || !Values.Contains(value!),
            LabelOperator.Exists => isThere,
            _ => !isThere,
        };
    }
}
