using System.Collections.Immutable;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>The mutation as an expression: a JSON Patch that adds what is missing, or takes back what is recorded.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Pieces">Its pieces.</param>
/// <param name="Rendering">Its registration.</param>
internal sealed record PatchExpression(ExportedRule Rule, ImmutableArray<PieceExpression> Pieces, Rendering Rendering)
{
    private const string Restored = "[JSONPatch{op: 'replace', path: '/spec/template', value: variables.old}]";

    private static readonly string Status = Cel.Text(WellKnown.StatusAnnotation);

    /// <summary>The variables, all of them used by <see cref="Mutation"/>.</summary>
    public IEnumerable<(string Name, string Expression)> Variables()
    {
        var init = Pieces.First(piece => piece.Value == "variables.init");
        yield return RecordExpression.Made;
        yield return ("own", $"variables.inits.filter(e, {init.IsElement})");
        yield return ("intact", Intact());
        yield return ("current", $"variables.record.contains({Cel.Text($"\"revision\":\"{Rule.Revision}\"")})");
        yield return ("edited", Updated.Edited(Pieces));
        yield return ("userInits", "variables.inits.filter(c, !(('initContainers/' + c.name) in variables.recorded) || "
            + "('initContainers/' + c.name) in variables.edited).size()");
        yield return ("renew", "variables.asked && variables.record != '' && !variables.restoring && "
            + "(!variables.settled || variables.changed)");
        yield return ("leaving", "!variables.asked && !variables.pod && request.operation == 'UPDATE' && "
            + $"{PodVariables.IsLabelled("oldObject")} && variables.record != ''");
        foreach (var variable in Leaving.Variables(Pieces))
        {
            yield return variable;
        }

        if (!Rule.Profile.InitContainer.Position.First)
        {
            yield return Follower();
        }
    }

    /// <summary>The mutation.</summary>
    public string Mutation() => $"""
        !variables.matches ? [] :
        variables.leaving ? {Cel.Sum([Leaving.Operations(), Annotation()])} :
        variables.restoring ? {Restored} :
        !variables.asked || variables.settled && !variables.renew || variables.problems != [] || variables.byHand ? [] :
        {Cel.Sum([Metadata(), Renewal(), Leaving.Operations(), .. Lists(), .. Fields()])}
        """;

    private static string Annotation()
    {
        var path = JsonPointer.Of(WellKnown.StatusAnnotation).ToString();
        return "(!variables.written ? [] : [JSONPatch{op: 'remove', path: variables.at + '/metadata/annotations' + "
            + $"(variables.notes.size() == 1 && {RecordExpression.WasCreated("/metadata/annotations")} ? '' : "
            + $"{Cel.Text(path)})}}])";
    }

    // As a record's digest would say: the arguments are those that are rendered without annotations, but for what it lists.
    private static string Intact()
    {
        var words = "(e.?args.orValue([]) != [] ? e.args : e.?command.orValue([]))";
        var quoted = $"'\"' + {RecordExpression.Escaped("a")} + '\"'";
        return $"variables.own.exists(e, {words}.all(a, a in variables.baseArgs || a == 'gitlab-runner' || "
            + $"{RecordExpression.ListText("set", "],\"")}.contains({quoted})) &&\n"
            + $"variables.baseArgs.all(a, a in {words} || {RecordExpression.ListText("was", "],\"")}.contains({quoted})))";
    }

    private static string Metadata()
    {
        var path = JsonPointer.Of(WellKnown.StatusAnnotation).ToString();
        return "[JSONPatch{op: 'add', path: variables.at + '/metadata/annotations'"
            + $" + (variables.notes == {{}} ? '' : {Cel.Text(path)}), "
            + $"value: variables.notes == {{}} ? dyn({{{Status}: variables.status}}) : dyn(variables.status)}}]";
    }

    private IEnumerable<string> Lists()
    {
        foreach (var list in Pieces.Where(piece => piece.List is not null).GroupBy(piece => piece.Path))
        {
            var first = list.First();
            yield return $"({first.HasList} || !({string.Join(" || ", list.Select(piece => piece.IsMissing))}) ? [] : "
                + $"[JSONPatch{{op: 'add', path: {first.Path}, value: []}}])";
            foreach (var (offset, piece) in list.Index())
            {
                yield return $"({piece.IsMissing} ? [JSONPatch{{op: 'add', path: {piece.Path} + {Place(piece, offset)}, "
                    + $"value: {piece.Value}}}] : [])";
            }
        }
    }

    private string Place(PieceExpression piece, int offset)
    {
        if (piece.List != "initContainers" || Rule.Profile.InitContainer.Position.First)
        {
            return piece.List != "initContainers" ? "'/-'" : Cel.Text($"/{offset}");
        }

        // Where the planner puts it, which does not count the injected ones.
        var last = Rule.Profile.InitContainer.Position.Before is null && piece.Value == "variables.sidecar"
            ? "variables.userInits < variables.inits.filter(c, !(('initContainers/' + c.name) in variables.gone)).size() ? "
                + "'/' + string(variables.userInits) : '/-'"
            : "'/-'";
        return $"(variables.follower != '' ? '/' + string({offset} + variables.inits.map(c, c.name)"
            + $".filter(n, !(('initContainers/' + n) in variables.gone)).indexOf(variables.follower)) : {last})";
    }

    // The init container that the registration goes before: the one of the settings, or a service mesh's.
    private (string Name, string Expression) Follower()
    {
        var isOne = Rule.Profile.InitContainer.Position.Before is { } name ? $"n == {Cel.Text(name)}"
            : string.Join(" || ", ServiceMesh.Redirects.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair =>
                $"n == {Cel.Text(pair.Key)} && !variables.inits.exists(c, c.name == {Cel.Text(pair.Value)})"));
        return ("follower", $"(variables.inits.map(c, c.name).filter(n, {isOne}) + [''])[0]");
    }

    private IEnumerable<string> Fields() => Pieces.Where(piece => piece.List is null).Select(piece =>
        $"({piece.IsMissing} ? [JSONPatch{{op: 'add', path: {piece.Path}, value: {piece.Value}}}] : [])");

    // With the same settings only the registration follows the runner container and the annotations; with others everything.
    private string Renewal() => $"(!variables.renew ? [] : {Cel.Sum([.. Pieces.Select(Replaced)])})";

    private static string Replaced(PieceExpression piece)
    {
        var place = piece.List is null ? piece.Path
            : $"{piece.Path} + '/' + string({piece.Elements}.map(e, {piece.IsElement}).indexOf(true))";
        return $"({piece.IsRenewed} ? [JSONPatch{{op: 'replace', path: {place}, value: {piece.Renewed}}}] : [])";
    }
}
