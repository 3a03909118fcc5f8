using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Resolution;

namespace RunnerWebhook.Core.Injection;

/// <summary>An outcome, and what it rests on.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Settlement">What the configuration gives the workload; null if the decision fell before it was asked.</param>
internal sealed record Decision(InjectionOutcome Outcome, Settlement? Settlement = null);
