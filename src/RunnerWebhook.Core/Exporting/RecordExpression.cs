using System.Collections.Immutable;
using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Core.Exporting;

/// <summary>The status annotation as an expression: the text that <see cref="InjectionStatus.ToJson"/> writes.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Pieces">Its pieces.</param>
/// <param name="Rendering">Its registration.</param>
internal sealed record RecordExpression(ExportedRule Rule, ImmutableArray<PieceExpression> Pieces, Rendering Rendering)
{
    private static readonly ImmutableArray<string> Lists = ["env", "volumeMounts", "initContainers", "volumes"];

    /// <summary>The variables, the record itself last.</summary>
    public IEnumerable<(string Name, string Expression)> Variables()
    {
        yield return ("set", "variables.args.filter(a, !(a in variables.baseArgs)).distinct()");
        yield return ("was", "variables.baseArgs.filter(a, !(a in variables.args)).distinct()");
        yield return ("pieces", Cel.Flat(
        [
            .. Pieces.OrderBy(piece => piece.Piece.Address).Select(Entry),
            $"variables.entries.filter(e, !(e.split('\"')[1] in {Cel.Texts(Pieces.Select(piece => piece.Short))}) && "
                + "!(e.split('\"')[1] in variables.gone))",
        ]));
        yield return ("created", Cel.Flat(
        [
            CreatedPlace("/metadata", "false", "!has(variables.template.metadata)"),
            CreatedPlace("/metadata/annotations", "has(variables.template.metadata.annotations)",
                "has(variables.template.metadata) && !has(variables.template.metadata.annotations)"),
            .. Lists.Select(CreatedList).Where(list => list.Length > 0),
        ]));
        yield return ("status", string.Join(" +\n",
            Cel.Text($"{{\"version\":\"{Rule.Version}\",\"revision\":\"") + " + (" + Revision + ") + "
                + Cel.Text($"\",\"profile\":\"{Rule.Profile.Name}\""),
            $"(variables.pieces.exists(e, e.startsWith('\"./')) ? ',\"container\":\"' + variables.name + '\"' : '')",
            Listed("set", Quoted("variables.set")),
            Listed("was", Quoted("variables.was")),
            "',\"pieces\":{' + variables.pieces.join(',') + '}'",
            Listed("created", "variables.created"),
            Replaced(),
            "'}'"));
    }

    // The oldest piece's: those of an earlier injection stay as they are, unless they are rendered anew.
    private string Revision => "variables.record != '' && (!variables.renew || variables.edited != []) ? "
        + $"variables.record.split('\"revision\":\"')[1].split('\"')[0] : {Cel.Text(Rule.Revision)}";

    private static string Listed(string name, string list) =>
        $"({list} == [] ? '' : ',\"{name}\":[' + {list}.join(',') + ']')";

    private static string Quoted(string list) =>
        $"{list}.map(a, '\"' + {Escaped("a")} + '\"')";

    /// <summary>What the present record says that the injection made, as a list of quoted names.</summary>
    public static (string Name, string Expression) Made => ("made", ListText("created", "]") + ".split(',')");

    /// <summary>Whether the present record says that the injection made a list or map, as an expression.</summary>
    public static string WasCreated(string name) => $"{Cel.Text($"\"{name}\"")} in variables.made";

    /// <summary>The text of one of the present record's lists, empty if it has none, as an expression.</summary>
    /// <param name="name">The list's name.</param>
    /// <param name="end">What ends it.</param>
    public static string ListText(string name, string end)
    {
        var start = Cel.Text($"\"{name}\":[");
        return $"(variables.record.contains({start}) ? variables.record.split({start})[1].split({Cel.Text(end)})[0] : '')";
    }

    /// <summary>A text as JSON writes it between quotes, as an expression.</summary>
    public static string Escaped(string text) =>
        $"{text}.replace('\\\\', '\\\\\\\\').replace('\"', '\\\\\"')"
            + ".replace('\\n', '\\\\n').replace('\\r', '\\\\r').replace('\\t', '\\\\t')";

    // A piece that is there keeps its digest, unless it is rendered anew.
    private static string Entry(PieceExpression piece)
    {
        var key = Cel.Text($"\"{piece.Short}\":\"");
        var old = $"variables.entries.filter(e, e.startsWith({key}))";
        return $"({piece.IsOurs} ? ({piece.IsPresent} && !({piece.IsRenewed}) ? {old} : [{key} + {piece.Digest} + '\"']) : [])";
    }

    private string CreatedList(string list)
    {
        var own = Pieces.Where(piece => piece.List == list).ToArray();
        if (own.Length == 0)
        {
            return "";
        }

        var name = own[0].IsInRunner ? "./" + list : list;
        var isNew = $"!{own[0].HasList} && ({string.Join(" || ", own.Select(piece => piece.IsMissing))})";
        return CreatedPlace(name, own[0].HasList, isNew);
    }

    private static string CreatedPlace(string name, string isThere, string isNew)
    {
        var text = Cel.Text($"\"{name}\"");
        return $"(({isNew}) || ({isThere} && {WasCreated(name)}) ? [{text}] : [])";
    }

    private string Replaced()
    {
        if (Pieces.FirstOrDefault(piece => piece.Piece.Address.Kind == PieceKind.GracePeriod) is not { } grace)
        {
            return "''";
        }

        var key = "\"replaced\":{\"" + grace.Short + "\":";
        return $"({grace.IsMissing} && has(variables.spec.terminationGracePeriodSeconds) || "
            + $"variables.record.contains({Cel.Text(key)}) && !({Cel.Text(grace.Short)} in variables.edited) "
            + $"? {Cel.Text($",{key}{InjectionPlanner.DefaultGracePeriodSeconds}}}")} : '')";
    }
}
