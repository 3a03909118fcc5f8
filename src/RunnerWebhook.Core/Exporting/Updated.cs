using System.Collections.Immutable;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>What an update changes, as expressions: <see cref="Injector.Update"/> in CEL. A policy computes no digests: it knows
/// an edited piece only if the recorded digest is today's, or if this update edits it.</summary>
internal static class Updated
{
    private static readonly string Status = Cel.Text(WellKnown.StatusAnnotation);

    /// <summary>The variables that need no rule: what is stored, and whether the user's part changes.</summary>
    public static IEnumerable<(string Name, string Expression)> Variables() =>
    [
        ("oldSpec", "variables.old.?spec.orValue({})"),
        ("oldInits", "variables.oldSpec.?initContainers.orValue([])"),
        ("oldVolumes", "variables.oldSpec.?volumes.orValue([])"),
        ("oldRunner", "(variables.oldSpec.?containers.orValue([]).filter(c, c.name == variables.name) + [{}])[0]"),
        ("sameMetadata", $"{Notes("variables.template")} == {Notes("variables.old")} && "
            + $"{Labels("variables.template")} == {Labels("variables.old")}"),
        // The caller's choice, as `rollout undo` makes it, is another record with its pieces.
        ("changed", "variables.old != {} && "
            + "!(variables.oldNote != '' && variables.written && variables.record != variables.oldNote) && "
            + "!(variables.sameMetadata && variables.spec.transformMap(k, v, k != 'initContainers', v) == "
            + "variables.oldSpec.transformMap(k, v, k != 'initContainers', v) && "
            + $"variables.inits.map(c, {Bare("c")}) == variables.oldInits.map(c, {Bare("c")}))"),
        ("sameSettings", $"request.operation != 'UPDATE' || {HasSameSettings}"),
        ("restoring", "variables.old != {} && variables.asked && !variables.settled && "
            + $"{PodVariables.IsLabelled("oldObject")} && variables.oldNote != '' && variables.sameMetadata && "
            + $"variables.oldInits.exists(c, {Listed("'initContainers/' + c.name")} && {PodVariables.Registers("c")}) &&\n"
            + $"{Untouched()} && {Part("variables.spec", "variables.runner")} == "
            + Part("variables.oldSpec", "variables.oldRunner")),
    ];

    /// <summary>Whether an update leaves the object's own annotations that are settings as they are, as an expression.</summary>
    public static string HasSameSettings => $"{OwnSettings("object")} == {OwnSettings("oldObject")}";

    /// <summary>The list of recorded pieces that were edited.</summary>
    /// <param name="pieces">The pieces of the rule.</param>
    public static string Edited(ImmutableArray<PieceExpression> pieces) => Cel.Sum(
    [
        .. pieces.Select(piece => $"({piece.IsRecorded} && {piece.IsPresent} && ({IsToday(piece)} ? {piece.Differs} : "
            + $"variables.changed && {IsEditedNow(piece)}) ? [{Cel.Text(piece.Short)}] : [])"),
    ]);

    /// <summary>A container as far as its digest goes, as an expression.</summary>
    public static string Bare(string container) =>
        $"({Listed($"'initContainers/' + {container}.name")} ? dyn({{'name': dyn({container}.name), "
        + $"'words': dyn({Words(container)})}}) : dyn({container}))";

    /// <summary>The words of a container's command, as an expression.</summary>
    public static string Words(string container) =>
        $"({container}.?command.orValue([]) + {container}.?args.orValue([]))";

    private static string IsToday(PieceExpression piece) => piece.Value == "variables.init" ? "variables.current"
        : $"({Cel.Text($"\"{piece.Short}\":\"")} + {piece.Digest} + '\"') in variables.entries";

    private static string IsEditedNow(PieceExpression piece)
    {
        if (piece.List is not { } list)
        {
            var field = piece.Short.StartsWith("./", StringComparison.Ordinal)
                ? piece.Short[2..].Replace("/", ".?", StringComparison.Ordinal) : piece.Short;
            return piece.IsInRunner ? $"variables.runner.?{field} != variables.oldRunner.?{field}"
                : $"variables.spec.?{field} != variables.oldSpec.?{field}";
        }

        var own = piece.IsInRunner ? "variables.runner" : "variables.spec";
        var old = piece.IsInRunner ? "variables.oldRunner" : "variables.oldSpec";
        var shown = list == "initContainers" ? $".map(e, {Words("e")})" : "";
        return $"{own}.?{list}.orValue([]).filter(e, {piece.IsElement}){shown} != "
            + $"{old}.?{list}.orValue([]).filter(e, {piece.IsElement}){shown}";
    }

    private static string Notes(string template) =>
        $"{template}.?metadata.?annotations.orValue({{}}).transformMap(k, v, k != {Status}, v)";

    private static string OwnSettings(string owner) =>
        $"{owner}.metadata.?annotations.orValue({{}}).transformMap(k, v, k.startsWith('{WellKnown.AnnotationPrefix}'), v)";

    private static string Labels(string template) => $"{template}.?metadata.?labels.orValue({{}})";

    private static string Listed(string name) => $"(({name}) in variables.storedPieces)";

    // Everything but the pieces that the stored record lists.
    private static string Part(string spec, string runner) => Cel.List(
    [
        $"dyn({spec}.transformMap(k, v, !(k in ['containers', 'initContainers', 'volumes'] + variables.storedPieces), v))",
        $"dyn({spec}.?volumes.orValue([]).filter(v, !{Listed("'volumes/' + v.name")}))",
        $"dyn({spec}.?initContainers.orValue([]).filter(c, !{Listed("'initContainers/' + c.name")}))",
        $"dyn({spec}.containers.filter(c, c.name != variables.name && !{Listed("'containers/' + c.name")}))",
        $"dyn({runner}.transformMap(k, v, !(k in ['env', 'volumeMounts', 'lifecycle']), v))",
        $"dyn({runner}.?env.orValue([]).filter(e, !{Listed("'./env/' + e.name")}))",
        $"dyn({runner}.?volumeMounts.orValue([]).filter(m, !{Listed(PodVariables.AddressOf("m"))}))",
        $"dyn({Listed("'./lifecycle'")} ? {{}} : {runner}.?lifecycle.orValue({{}}).transformMap(k, v, "
            + $"!(k == 'preStop' && {Listed("'./lifecycle/preStop'")}), v))",
    ]);

    // What is left of the recorded pieces is as it is stored.
    private static string Untouched() => string.Join(" &&\n",
        $"variables.volumes.all(v, !{Listed("'volumes/' + v.name")} || v in variables.oldVolumes)",
        $"variables.inits.all(c, !{Listed("'initContainers/' + c.name")} || c in variables.oldInits)",
        $"variables.mounts.all(m, !{Listed(PodVariables.AddressOf("m"))} || "
            + "m in variables.oldRunner.?volumeMounts.orValue([]))",
        $"variables.env.all(e, !{Listed("'./env/' + e.name")} || e in variables.oldRunner.?env.orValue([]))",
        "(!has(variables.runner.lifecycle) || variables.runner.?lifecycle == variables.oldRunner.?lifecycle || "
            + $"!{Listed("'./lifecycle'")} && !{Listed("'./lifecycle/preStop'")})",
        $"(!({PodVariables.HasGracePeriod}) || variables.spec.?terminationGracePeriodSeconds == "
            + "variables.oldSpec.?terminationGracePeriodSeconds)");
}
