using System.Collections.Immutable;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>What a DaemonSet loses that no longer carries the label, as JSON Patch operations: what is recorded, and still as the
/// settings make it.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Pieces">Its pieces.</param>
internal sealed record RemovalExpression(ExportedRule Rule, ImmutableArray<PieceExpression> Pieces)
{
    private const string Created = "variables.record.split('\"created\":[')";

    /// <summary>The operations, as a list.</summary>
    public string Operations() => Cel.Sum(
        [.. Pieces.Where(piece => piece.List is not null).GroupBy(piece => piece.Path).Select(List), .. Fields(), Annotation()]);

    private static string List(IGrouping<string, PieceExpression> list)
    {
        var first = list.First();
        var name = first.IsInRunner ? "./" + first.List : first.List!;
        var left = $"{first.Elements}.filter(e, !({string.Join(" || ", list.Select(IsOurs))}))";
        var path = first.Path;
        return $"(!{first.HasList} ? [] : {left} == [] && {WasCreated(name)} ? [JSONPatch{{op: 'remove', path: {path}}}] : "
            + $"[JSONPatch{{op: 'replace', path: {path}, value: {left}}}])";
    }

    // With today's settings an edited registration shows; of an earlier revision all counts as ours.
    private static string IsOurs(PieceExpression piece) => $"({piece.IsElement} && {piece.IsRecorded}"
        + (piece.Value == "variables.init" ? " && (!variables.current || variables.intact))" : ")");

    private IEnumerable<string> Fields() => Pieces.Where(piece => piece.List is null).Select(piece =>
    {
        var grace = InjectionPlanner.DefaultGracePeriodSeconds;
        return piece.Piece.Address.Kind == PieceKind.GracePeriod
            ? $"({piece.IsRecorded} && (!variables.current || variables.spec.?terminationGracePeriodSeconds.orValue({grace}) == "
                + $"{piece.Value}) ? [JSONPatch{{op: 'replace', path: {piece.Path}, value: {grace}}}] : [])"
            : $"({piece.IsRecorded} && {piece.IsPresent} ? [JSONPatch{{op: 'remove', path: {piece.Path}}}] : [])";
    });

    private static string Annotation()
    {
        var path = Json.JsonPointer.Of(WellKnown.StatusAnnotation).ToString();
        return $"[JSONPatch{{op: 'remove', path: variables.at + '/metadata/annotations' + (variables.notes.size() == 1 && "
            + $"{WasCreated("/metadata/annotations")} ? '' : {Cel.Text(path)})}}]";
    }

    private static string WasCreated(string name) =>
        $"{Created}.size() > 1 && {Created}[1].split(']')[0].contains({Cel.Text($"\"{name}\"")})";
}
