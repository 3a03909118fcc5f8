using System.Collections.Immutable;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Resolution;

namespace RunnerWebhook.Core.Explaining;

/// <summary>Why an object is injected or not, gate by gate, and with which settings.</summary>
/// <param name="Gates">Every gate, in the order in which they are tried.</param>
/// <param name="Settings">The settings with their origins; null if they could not be resolved.</param>
/// <param name="Outcome">What comes of the object.</param>
/// <param name="Today">What would come of it if it were rendered anew: differs if it is complete already.</param>
public sealed record Explanation(
    ImmutableArray<Gate> Gates, ResolvedSettings? Settings, InjectionOutcome Outcome, InjectionOutcome Today)
{
    /// <summary>Whether a complete workload was injected with other settings than today's.</summary>
    public bool IsOutdated => Today.Revision.Length > 0
        && (Outcome.Revision != Today.Revision || !Outcome.Annotated.SequenceEqual(Today.Annotated));
}
