using System.Collections.Immutable;
using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Core.Exporting;

/// <summary>The recorded pieces that go, as JSON Patch operations: all of them with the label, and on a renewal those that
/// today's settings no longer make. What stays in the pod keeps the volumes that it mounts.</summary>
internal static class Leaving
{
    private const string Runner = "variables.at + '/spec/containers/' + string(variables.index) + ";

    /// <summary>The variables: the names of what goes.</summary>
    /// <param name="pieces">The pieces of the rule.</param>
    public static IEnumerable<(string Name, string Expression)> Variables(ImmutableArray<PieceExpression> pieces)
    {
        var planned = Cel.Texts(pieces.Select(piece => piece.Short));
        yield return ("staying", "variables.inits.filter(c, ('initContainers/' + c.name) in variables.edited)");
        // RemovalNeeds: an edited registration, or hook, keeps the file that it writes or reads.
        yield return ("named", "variables.staying != [] || variables.edited.exists(r, r.startsWith('./lifecycle')) && "
            + "variables.runner.?lifecycle.?preStop.?exec.?command.orValue([])"
            + $".exists(w, w.contains('{ConfigFile.Variable}'))");
        yield return ("unwanted", "variables.leaving ? variables.recorded.filter(r, !(r in variables.edited) && "
            + $"!(variables.named && r == './env/{ConfigFile.Variable}') && !variables.mounts.exists(m, "
            + $"{PodVariables.AddressOf("m")} == r && ({IsNeeded("m")}))) : "
            + $"variables.renew && !variables.current ? variables.recorded.filter(r, !(r in {planned})) : []");
        yield return ("gone", $"variables.unwanted.filter(r, !r.startsWith('volumes/') || !{IsMounted("r.substring(8)")})");
    }

    /// <summary>The operations, elements from the last to the first so that indexes hold; the containers come last, as every
    /// other path goes by the runner container's index.</summary>
    public static string Operations()
    {
        const string grace = "'terminationGracePeriodSeconds'";
        const string graceAt = "path: variables.at + '/spec/terminationGracePeriodSeconds'";
        return Cel.Sum(
        [
            Elements("variables.mounts", PodVariables.AddressOf("e"), $"{Runner}'/volumeMounts'", "./volumeMounts"),
            Elements("variables.env", "'./env/' + e.name", $"{Runner}'/env'", "./env"),
            Field("'./lifecycle'", "has(variables.runner.lifecycle)", $"{Runner}'/lifecycle'"),
            Field("'./lifecycle/preStop'", "has(variables.runner.lifecycle) && has(variables.runner.lifecycle.preStop)",
                $"{Runner}'/lifecycle/preStop'"),
            $"(!({grace} in variables.gone) || !has(variables.spec.terminationGracePeriodSeconds) ? [] : "
                + $"[JSONPatch{{op: 'replace', {graceAt}, value: {InjectionPlanner.DefaultGracePeriodSeconds}}}])",
            Field("'hostUsers'", "has(variables.spec.hostUsers)", "variables.at + '/spec/hostUsers'"),
            Field("'runtimeClassName'", "has(variables.spec.runtimeClassName)", "variables.at + '/spec/runtimeClassName'"),
            Elements("variables.inits", "'initContainers/' + e.name", "variables.at + '/spec/initContainers'", "initContainers"),
            Elements("variables.volumes", "'volumes/' + e.name", "variables.at + '/spec/volumes'", "volumes"),
            Elements("variables.spec.containers", "'containers/' + e.name", "variables.at + '/spec/containers'", "containers"),
        ]);
    }

    // A list that the injection made goes with its last element.
    private static string Elements(string list, string name, string path, string created)
    {
        var names = $"{list}.map(e, {name})";
        return $"({names}.all(n, n in variables.gone) && {names} != [] && variables.leaving && "
            + $"{RecordExpression.WasCreated(created)} ? [JSONPatch{{op: 'remove', path: {path}}}] : "
            + $"{names}.reverse().filter(n, n in variables.gone).map(n, JSONPatch{{op: 'remove', "
            + $"path: {path} + '/' + string({names}.indexOf(n))}}))";
    }

    private static string Field(string name, string isThere, string path) =>
        $"({name} in variables.gone && {isThere} ? [JSONPatch{{op: 'remove', path: {path}}}] : [])";

    private static string IsNeeded(string mount) =>
        $"variables.staying.exists(c, c.?volumeMounts.orValue([]).exists(n, n.name == {mount}.name)) || variables.named && "
        + $"'./env/{ConfigFile.Variable}' in variables.recorded && "
        + $"variables.env.exists(e, e.name == '{ConfigFile.Variable}' && "
        + $"e.?value.orValue('').startsWith({PodVariables.PathOf(mount)} + '/'))";

    // By a container that stays, or by a mount of the runner container's that does.
    private static string IsMounted(string volume) =>
        "((variables.inits.filter(c, !(('initContainers/' + c.name) in variables.unwanted || variables.renew && "
        + "('initContainers/' + c.name) in variables.recorded)) + variables.spec.containers.filter(c, "
        + "c.name != variables.name && !(('containers/' + c.name) in variables.unwanted))).exists(c, "
        + $"c.?volumeMounts.orValue([]).exists(m, m.name == {volume})) || variables.mounts.exists(m, m.name == {volume} && "
        + $"!({PodVariables.AddressOf("m")} in variables.unwanted) && !(variables.renew && {PodVariables.AddressOf("m")} "
        + "in variables.recorded)))";
}
