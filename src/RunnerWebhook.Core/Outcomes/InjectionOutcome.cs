using System.Collections.Immutable;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Outcomes;

/// <summary>What is to be done with one object, and why.</summary>
/// <param name="Code">The machine code.</param>
/// <param name="Sentence">The sentence for the user: what was done, or what to do. It never holds a token.</param>
public sealed record InjectionOutcome(OutcomeCode Code, string Sentence)
{
    /// <summary>The sentence for the user, in one line: what was done, or what to do. It never holds a token.</summary>
    public string Sentence { get; init => field = OneLine.Of(value); } = OneLine.Of(Sentence);

    /// <summary>The patch, with paths from the root of the object; empty if nothing changes.</summary>
    public ImmutableArray<PatchOperation> Patch { get; init; } = [];

    /// <summary>The patch as UTF-8, if it has been written already: then it takes the place of <see cref="Patch"/>. Default
    /// empty.</summary>
    public ReadOnlyMemory<byte> PatchText { get; init; }

    /// <summary>Further sentences that the user should read, each in one line.</summary>
    public ImmutableArray<string> Advice { get; init => field = [.. value.Select(OneLine.Of)]; } = [];

    /// <summary>Those of <see cref="Advice"/> about what had to be assumed, because nothing is known of the cluster: they are the
    /// same for all its objects.</summary>
    public ImmutableArray<string> Guesses { get; init; } = [];

    /// <summary>The digest of the settings used; empty if none were.</summary>
    public string Revision { get; init; } = "";

    /// <summary>The arguments of the registration that annotations set: no part of the revision. Default none.</summary>
    public ImmutableArray<string> Annotated { get; init; } = [];

    /// <summary>The profile used; empty if none was.</summary>
    public string Profile { get; init; } = "";

    /// <summary>Whether the object is refused.</summary>
    public bool IsDenied => Code.IsDenied();

    /// <summary>Whether the object gets what it should have.</summary>
    public bool IsSuccess => Code is OutcomeCode.Injected or OutcomeCode.Completed or OutcomeCode.Removed;

    /// <summary>Whether the sentence is news to the user who applied the object: a repeated apply stays quiet.</summary>
    public bool IsNews => !IsDenied && Code is not (OutcomeCode.AlreadyInjected or OutcomeCode.LeftAloneNotLabelled
        or OutcomeCode.LeftAloneBeingDeleted or OutcomeCode.LeftAloneMirrorPod or OutcomeCode.LeftAloneForItsPods);
}
