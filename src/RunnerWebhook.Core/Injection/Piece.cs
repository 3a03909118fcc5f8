using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Injection;

/// <summary>Something that the injection adds to a pod template.</summary>
/// <param name="Address">Where it belongs.</param>
/// <param name="Value">The piece itself.</param>
/// <param name="Position">The index at which it is inserted into its list; null for the end.</param>
public sealed record Piece(PieceAddress Address, JsonNode Value, int? Position = null)
{
    /// <summary>A digest of the value, which shows whether the piece has been changed.</summary>
    public string Digest => field ??= PieceDigest.Of(Value, Annotated);

    /// <summary>What annotations change in it. Default nothing.</summary>
    public AnnotatedArguments Annotated { get; init; } = AnnotatedArguments.None;
}
