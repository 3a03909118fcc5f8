using System.Collections.Immutable;
using RunnerWebhook.Core.Outcomes;

namespace RunnerWebhook.Core.Injection;

/// <summary>What is to be added to one pod template, and what the user should know of it.</summary>
/// <param name="Pieces">The pieces, in the order in which the patch adds them.</param>
/// <param name="Hints">Advice about them.</param>
/// <param name="Problems">Every reason not to inject; empty if there is none.</param>
internal sealed record PodPlan(ImmutableArray<Piece> Pieces, ImmutableArray<Hint> Hints, ImmutableArray<Problem> Problems)
{
    /// <summary>The plan that findings make. Two settings can want two things at one place.</summary>
    public static PodPlan Of(IEnumerable<Finding> findings)
    {
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var hints = ImmutableArray.CreateBuilder<Hint>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var finding in findings)
        {
            switch (finding)
            {
                case NeededPiece { Piece: var piece } when pieces.Any(other => other.Address.Equals(piece.Address)):
                    problems.Add(new(OutcomeCode.DeniedSettingInvalid, $"the settings put two things at {piece.Address.Shown}: "
                        + "give one of them another name or path in the configuration"));
                    break;
                case NeededPiece needed:
                    pieces.Add(needed.Piece);
                    break;
                case Hint hint:
                    hints.Add(hint);
                    break;
                case Problem problem:
                    problems.Add(problem);
                    break;
            }
        }

        return new(pieces.ToImmutable(), hints.ToImmutable(), problems.ToImmutable());
    }
}
