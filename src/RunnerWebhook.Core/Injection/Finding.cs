using RunnerWebhook.Core.Outcomes;

namespace RunnerWebhook.Core.Injection;

/// <summary>What the planner or an engine finds out about a pod, one of <see cref="NeededPiece"/>, <see cref="Hint"/> and
/// <see cref="Problem"/>. Their order is that of the pieces in the patch, and of the sentences.</summary>
internal abstract record Finding
{
    /// <summary>The pod needs a piece.</summary>
    public static Finding Need(Piece piece) => new NeededPiece(piece);

    /// <summary>The user should know something.</summary>
    public static Finding Advise(string text) => new Hint(text);

    /// <summary>Something had to be assumed, because nothing is known of the cluster.</summary>
    public static Finding Guess(string text) => new Hint(text, IsGuess: true);

    /// <summary>The pod can't be injected.</summary>
    public static Finding Refuse(OutcomeCode code, string reason) => new Problem(code, reason);
}

/// <summary>A piece that the pod needs.</summary>
/// <param name="Piece">The piece.</param>
internal sealed record NeededPiece(Piece Piece) : Finding;

/// <summary>Advice to the user.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="IsGuess">Whether it is an assumption about the cluster.</param>
internal sealed record Hint(string Text, bool IsGuess = false) : Finding;

/// <summary>A reason to refuse the object.</summary>
/// <param name="Code">The outcome that it leads to.</param>
/// <param name="Reason">Object, field, value, and what to do.</param>
internal sealed record Problem(OutcomeCode Code, string Reason) : Finding;
