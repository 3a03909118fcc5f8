using System.Collections.Immutable;

namespace RunnerWebhook.Core.Policy;

/// <summary>One requirement of a label selector.</summary>
/// <param name="Key">The label's key.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Values">What it is compared with; empty for <see cref="LabelOperator.Exists"/> and
/// <see cref="LabelOperator.DoesNotExist"/>.</param>
public sealed record LabelRequirement(string Key, LabelOperator Operator, ImmutableArray<string> Values)
{
    /// <summary>Whether a label's value meets the requirement. As in Kubernetes, a label that is absent meets
    /// <see cref="LabelOperator.NotIn"/>.</summary>
    /// <param name="value">The value; null if the label is absent.</param>
    public bool Accepts(string? value) => Operator switch
    {
        LabelOperator.In => value is not null && Values.Contains(value),
        LabelOperator.NotIn => value is null || !Values.Contains(value),
        LabelOperator.Exists => value is not null,
        _ => value is null,
    };
}
