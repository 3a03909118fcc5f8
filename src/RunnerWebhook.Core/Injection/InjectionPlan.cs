using System.Collections.Immutable;

namespace RunnerWebhook.Core.Injection;

/// <summary>The pieces that a pod template lacks, as data, before any JSON path exists.</summary>
/// <param name="Pieces">The pieces, in the order in which the patch adds them.</param>
/// <param name="Advice">What the user should know about them.</param>
internal sealed record InjectionPlan(ImmutableArray<Piece> Pieces, ImmutableArray<string> Advice);
