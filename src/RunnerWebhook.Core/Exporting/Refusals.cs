using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>Why a pod is rejected, as expressions: each a list of the engine's own sentences, empty if nothing is wrong.
/// </summary>
/// <param name="Rule">The rule.</param>
/// <param name="Rendering">Its registration.</param>
internal sealed record Refusals(ExportedRule Rule, Rendering Rendering)
{
    // A placeholder for any type of volume in the engine's sentences.
    private const string OtherSource = "flexVolume";

    private RunnerProfile Profile => Rule.Profile;

    /// <summary>The variables; the one of all reasons comes last.</summary>
    public IEnumerable<(string Name, string Expression)> Variables()
    {
        var uncovered = new Uncovered(Rule, Rendering);
        yield return WindowsRefusals.Variable();
        yield return ("lost", $"{WindowsRefusals.All()} {Lost()}");
        yield return ("invalid", Cel.Flat([.. Annotations().Prepend("[]"), .. uncovered.Annotations()]));
        yield return ("judged", Cel.Flat([.. uncovered.Forbidden().Prepend("[]"), .. new Judgement(Rule).All()]));
        yield return ("conflicts", Cel.Flat([.. Settings(), .. Containers(), .. Plan().Pieces.SelectMany(Conflicts)]));
        yield return ("reasons", "variables.invalid != [] ? variables.invalid : "
            + (Rule.Rule?.WarnOnly == true ? "" : "variables.judged + ") + "variables.conflicts");
        // What only the webhook can follow is reported if there is no other reason.
        yield return ("unfollowed", Cel.Flat([.. uncovered.Pods().Prepend("[]")]));
        yield return ("problems", "variables.lost != [] ? variables.lost : variables.byHand ? [] :\n"
            + "variables.reasons != [] ? variables.reasons : variables.unfollowed");
    }

    private IEnumerable<string> Annotations() =>
        AnnotatedOption.Problems(Rule.Options);

    private static string Lost()
    {
        var holes = new Holes();
        var (names, wanted) = (holes.Open("variables.names.join(', ')"), holes.Open("variables.wanted.value()"));
        var several = Probe.Template(names[..1] + "a");
        several["spec"]!["containers"]!.AsArray()
            .Add((JsonNode)new JsonObject { ["name"] = "b", ["image"] = Probe.Image });
        var ambiguous = Probe.NoRunner(several).Replace($"{names}a, b", names, StringComparison.Ordinal);
        var other = Probe.Template(names);
        other["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [WellKnown.ContainerAnnotation] = wanted } };
        return $"{Sidecar()} variables.index >= 0 ? [] : variables.wanted.hasValue() ? [{holes.Fill(Probe.NoRunner(other))}] : "
            + $"[{holes.Fill(ambiguous)}]";
    }

    // The init containers' end is what starts the containers: a runner among them is never registered.
    private static string Sidecar()
    {
        const string place = "spec.containers";
        var (usual, holes) = (Cel.Text(WellKnown.RunnerContainer), new Holes());
        var template = Probe.Template("other", spec: new()
        {
            ["initContainers"] = new JsonArray(new JsonObject
            {
                ["name"] = WellKnown.RunnerContainer,
                ["restartPolicy"] = "Always",
            }),
        });
        var sentence = Probe.NoRunner(template).Replace(
            place, holes.Open($"(variables.pod ? '' : 'spec.template.') + {Cel.Text(place)}"), StringComparison.Ordinal);
        return $"!({usual} in variables.names) && variables.inits.exists(c, c.name == {usual} && "
            + $"c.?restartPolicy.orValue('') == 'Always') ? [{holes.Fill(sentence)}] :\n";
    }

    // What no pod changes: an option that is required and that an annotation may bring, an engine without an address.
    private IEnumerable<string> Settings()
    {
        var missing = RequiredOptions.Missing(Profile).ToArray();
        var holes = new Holes();
        var complete = Profile with
        {
            Register = Profile.Register.SetItems(missing.Select(name => KeyValuePair.Create(name, ImmutableArray.Create("x")))),
        };
        if (missing.Length > 0)
        {
            var left = missing.Select(name => Rule.Options.FirstOrDefault(option => option.Name == name) is { } option
                ? $"({new AnnotatedOption(option).Values} == [] ? [{Cel.Text(name)}] : [])" : Cel.Texts([name]));
            var sentence = Probe.Refusal(Profile with { Engine = EngineSettings.Default with { Kind = EngineKind.None } },
                Probe.Template()).Replace(string.Join(" and ", missing), holes.Open("m.join(' and ')"), StringComparison.Ordinal);
            yield return $"[{Cel.Flat([.. left])}].filter(m, m != []).map(m, {holes.Fill(sentence)})";
        }

        if (!Probe.Plan(complete, Probe.Template()).Problems.IsEmpty)
        {
            yield return Cel.Texts([Probe.Refusal(complete, Probe.Template())]);
        }

        yield return $"(variables.image != '' ? [] : {(Rendering.HasReleases ? NoImage() : "[]")})";
    }

    private string NoImage()
    {
        var holes = new Holes();
        var template = Probe.Template(holes.Open("variables.name"), new() { ["image"] = "" });
        return $"[{holes.Fill(Reason(template))}]";
    }

    private IEnumerable<string> Containers()
    {
        var holes = new Holes();
        foreach (var piece in Plan().Pieces.Where(piece => piece.Address.Kind == PieceKind.InitContainer))
        {
            var name = piece.Address.Name;
            var init = new JsonObject { ["name"] = name, ["image"] = "x" };
            var sentence = Reason(Probe.Template(spec: new() { ["initContainers"] = new JsonArray(init) }));
            yield return $"((variables.inits + variables.spec.containers).exists(c, c.name == {Cel.Text(name)}) && "
                + $"!({Cel.Text("initContainers/" + name)} in variables.recorded) ? [{holes.Fill(sentence)}] : [])";
        }
    }

    private IEnumerable<string> Conflicts(Piece piece) => piece.Address.Kind switch
    {
        PieceKind.Mount => Mount(piece),
        PieceKind.Volume => [Volume(piece)],
        _ => [],
    };

    private IEnumerable<string> Mount(Piece piece)
    {
        var path = piece.Address.Name;
        var (own, trimmed) = (Cel.Text((string)piece.Value["name"]!), Cel.Text(path.Length > 1 ? path.TrimEnd('/') : path));
        var at = PodVariables.PathOf("m");
        yield return $"variables.foreignMounts.filter(m, {at} == {trimmed} && (m.name != {own} || m.?subPath.orValue('') != '')"
            + $"{Reuse(piece)}).map(m, {Taken(path)})";
        yield return $"variables.ownMounts.filter(m, {trimmed}.startsWith({at} + '/') && "
            + "variables.volumes.exists(v, v.name == m.name && (has(v.configMap) || has(v.secret) || has(v.projected) || "
            + "has(v.downwardAPI) || has(v.image) || "
            + $"m.?readOnly.orValue(false) && !has(v.hostPath)))).map(m, {Closed(path)})";
        if (path == Profile.ConfigVolume.MountPath)
        {
            var file = new ConfigFile(path, ConfigFile.UsualName).Path;
            yield return $"variables.ownMounts.filter(m, {at} == {Cel.Text(file)}).map(m, {Taken(file)})";
        }
    }

    // A mount of the node's socket is the user's to name.
    private string Reuse(Piece piece) => Profile.Engine.Kind == EngineKind.HostSocket
        && (string?)piece.Value["name"] == Profile.SocketVolume.Name
            ? $" && !variables.volumes.exists(v, v.name == m.name && {IsSocket("v")} && m.?subPath.orValue('') == '')" : "";

    /// <summary>Whether a volume is the node's socket, as an expression.</summary>
    public string IsSocket(string volume) => $"{volume}.?hostPath.?path.orValue('') in "
        + Cel.Texts([Profile.Engine.SocketPath, Profile.Engine.SocketPath + "/"]);

    private string Taken(string path)
    {
        var holes = new Holes();
        var (runner, volume) = (holes.Open("variables.name"), holes.Open("m.name"));
        var mount = new JsonObject { ["name"] = volume, ["mountPath"] = path };
        var sentence = Reason(Probe.Template(runner, new() { ["volumeMounts"] = new JsonArray(mount) },
            new() { ["volumes"] = new JsonArray(new JsonObject { ["name"] = volume, ["emptyDir"] = new JsonObject() }) }));
        return holes.Fill(sentence);
    }

    private string Closed(string path)
    {
        var holes = new Holes();
        var outer = path[..Math.Max(1, path.LastIndexOf('/'))];
        var (runner, volume) = (holes.Open("variables.name"), holes.Open("m.name"));
        var mount = new JsonObject { ["name"] = volume, ["mountPath"] = outer };
        var sentence = Reason(Probe.Template(runner, new() { ["volumeMounts"] = new JsonArray(mount) },
            new() { ["volumes"] = new JsonArray(new JsonObject { ["name"] = volume, ["secret"] = new JsonObject() }) }));
        return holes.Fill(sentence.Replace($" at {outer},", $" at {holes.Open("m.mountPath")},", StringComparison.Ordinal));
    }

    private string Volume(Piece piece)
    {
        var holes = new Holes();
        var name = piece.Address.Name;
        var other = new JsonObject { ["name"] = name, [OtherSource] = new JsonObject() };
        var source = holes.Open("(has(v.hostPath) ? 'hostPath ' + v.hostPath.path : 'of type ' + "
            + "(v.map(k, k).filter(k, k != 'name') + ['emptyDir'])[0])");
        var sentence = Reason(Probe.Template(spec: new() { ["volumes"] = new JsonArray(other) }))
            .Replace($"of type {OtherSource}", source, StringComparison.Ordinal);
        return $"variables.volumes.filter(v, v.name == {Cel.Text(name)} && "
            + $"!({Cel.Text("volumes/" + name)} in variables.recorded) && !({Serves(piece)})).map(v, {holes.Fill(sentence)})";
    }

    // The user's own in its place: an emptyDir, or the same host path; of a Secret or ConfigMap the very same.
    private string Serves(Piece piece) => piece.Value.AsObject().ContainsKey("emptyDir")
        ? "has(v.emptyDir) || v.map(k, k) == ['name']"
        : piece.Value.AsObject().ContainsKey("hostPath") ? IsSocket("v")
        : piece.Value["secret"] is { } secret ? Same("secret", "secretName", secret)
            : Same("configMap", "name", piece.Value["configMap"]!);

    private static string Same(string source, string name, JsonNode own) =>
        $"has(v.{source}) && v.{source}.{name} == {Cel.Text((string)own[name]!)} && "
        + $"v.{source}.?items.orValue([]) == {Cel.Value(own["items"] ?? new JsonArray(), Holes.None)}";

    private PodPlan Plan() => Probe.Plan(Profile, Probe.Template());

    // Without what the settings alone are refused for.
    private string Reason(JsonObject template)
    {
        var missing = RequiredOptions.Missing(Profile).Select(name => KeyValuePair.Create(name, ImmutableArray.Create("x")));
        return Probe.Refusal(Profile with { Register = Profile.Register.SetItems(missing) }, template);
    }
}
