using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// What annotations change in the arguments of a registration. The record keeps it as it is, and the container's digest is that
/// of a registration without annotations: an admission policy can state both, though it computes no digests.
/// </summary>
/// <param name="Set">The arguments that are there because of annotations.</param>
/// <param name="Was">The arguments that would be there without them.</param>
public sealed record AnnotatedArguments(ImmutableArray<string> Set, ImmutableArray<string> Was)
{
    private static readonly string[] Lists = ["command", "args"];

    /// <summary>No annotation changes anything.</summary>
    public static AnnotatedArguments None { get; } = new([], []);

    /// <summary>Whether annotations change nothing.</summary>
    public bool IsEmpty => Set.IsEmpty && Was.IsEmpty;

    /// <summary>The difference between two lists of arguments.</summary>
    /// <param name="arguments">With the annotations.</param>
    /// <param name="without">Without them.</param>
    public static AnnotatedArguments Between(ImmutableArray<string> arguments, ImmutableArray<string> without) =>
        new([.. arguments.Except(without)], [.. without.Except(arguments)]);

    /// <summary>What the record of some pieces says of annotations.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="stamp">The record in the making.</param>
    /// <param name="before">The record so far, which holds for a registration that is kept.</param>
    internal static AnnotatedArguments Of(ImmutableArray<Piece> pieces, InjectionStatus stamp, InjectionStatus? before)
    {
        var isRendered = pieces.Any(piece =>
            piece.Address.Kind == PieceKind.InitContainer && piece.Value["restartPolicy"] is null);
        return pieces.Select(piece => piece.Annotated).Append(stamp.Annotated).FirstOrDefault(own => !own.IsEmpty)
            ?? (isRendered ? None : before?.Annotated) ?? None;
    }

    /// <summary>The container without annotations, its options in order and each of them once; as it is where an argument that
    /// annotations set is missing.</summary>
    internal JsonObject Undo(JsonObject container)
    {
        var words = Lists.Select(list => container[list]).OfType<JsonArray>().SelectMany(list => list)
            .Where(IsOption).Select(word => word!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        var change = words.IsSupersetOf(Set) ? this : None;
        var part = container.DeepClone().AsObject();
        var last = Lists.LastOrDefault(list => part[list] is JsonArray);
        foreach (var list in Lists.Where(list => part[list] is JsonArray))
        {
            var own = part[list]!.AsArray();
            var options = own.Where(IsOption).Select(word => word!.GetValue<string>()).Except(change.Set)
                .Concat(list == last ? change.Was : []).Distinct().Order(StringComparer.Ordinal);
            part[list] = new JsonArray([.. own.Where(word => !IsOption(word)).Select(word => word?.DeepClone()),
                .. options.Select(option => (JsonNode?)option)]);
        }

        return part;
    }

    private static bool IsOption(JsonNode? word) => word?.GetValueKind() == JsonValueKind.String
        && word.GetValue<string>().StartsWith("--", StringComparison.Ordinal);
}
