using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>What the webhook follows and a policy can't, as expressions. It is rejected: ignored, it would look as if it were in
/// force.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Rendering">Its registration.</param>
internal sealed record Uncovered(ExportedRule Rule, Rendering Rendering)
{
    private const string Advice = ", which an admission policy can not follow: ";

    private static readonly string[] NoSettings = [WellKnown.ContainerAnnotation, WellKnown.StatusAnnotation];

    private static string Keys(string maps) => $"({maps}).filter(k, k.startsWith('{WellKnown.AnnotationPrefix}')).distinct()";

    private static string Own => Keys("variables.notes.map(k, k) + variables.ownNotes.map(k, k)")
        + $".filter(k, !(k in {Cel.Texts(NoSettings)}))";

    /// <summary>Annotations that a policy can't read.</summary>
    public IEnumerable<string> Annotations()
    {
        var known = Cel.Texts(Rule.Options.Select(option => WellKnown.AnnotationPrefix + option.Name));
        var mine = $"k == {Cel.Text(WellKnown.ProfileAnnotation)} && "
            + $"(variables.notes[?k].or(variables.ownNotes[?k])).orValue('') == {Cel.Text(Rule.Profile.Name)}";
        var allowed = Rule.Rule is { WarnOnly: false, Allow.Annotations: { } globs } ? Allowed(globs) : "true";
        const string sentence = "can not be followed by an admission policy: remove it, or inject by the webhook";
        yield return $"{Own}.filter(k, {allowed} && !(k in {known}) && !({mine})).map(k, 'annotation ' + k + ' {sentence}')";
        if (Rule.ReadsNamespaces)
        {
            yield return $"{Keys("namespaceObject.metadata.?annotations.orValue({}).map(k, k)")}"
                + $".map(k, 'annotation ' + k + ' of the namespace {sentence}')";
        }
    }

    /// <summary>Annotations that the rule does not allow.</summary>
    public IEnumerable<string> Forbidden()
    {
        if (Rule.Rule is { Allow.Annotations: { } globs } rule)
        {
            yield return $"{Own}.filter(k, !{Allowed(globs)}).map(k, 'annotation ' + k + "
                + $"{Cel.Text($" is set, but {rule.Place} allows {PolicyJudge.Listed(globs)}")})";
        }
    }

    private static string Allowed(IEnumerable<string> globs) =>
        Cel.Matches($"k.substring({WellKnown.AnnotationPrefix.Length})", globs);

    /// <summary>Pods.</summary>
    public IEnumerable<string> Pods()
    {
        var file = new ConfigFile(Rule.Profile.ConfigVolume.MountPath, ConfigFile.UsualName).Path;
        var names = Cel.Texts(RunnerAccess.Variables.Select(variable => variable.Name));
        var home = $"m.mountPath.contains('{RunnerAccess.HomeCertificates}') || has(m.subPathExpr)";
        (string Condition, string Sentence)[] whole =
        [
            (NamesFile(file), $" names its own configuration file{Advice}let it read {file}, or inject by the webhook"),
            ($"variables.env.exists(e, e.name in {names} && e.?value.orValue('').contains('$('))",
                $" refers to other variables in the address of a proxy or a certificate{Advice}write the value itself"),
            ($"'{RunnerAccess.EntryPointVariable}' in variables.envNames",
                $" sets {RunnerAccess.EntryPointVariable}{Advice}mount the file at {RunnerAccess.EntryPointCertificate}"),
            ("variables.spec.?resources.hasValue()", $" shares the resources of its pod (spec.resources){Advice}state its own"),
            (Rendering.IsTooOld, $" runs a release before 13.11{Advice}use a later one"),
        ];
        foreach (var (condition, sentence) in whole)
        {
            yield return $"({condition} ? ['container ' + variables.name + {Cel.Text(sentence)}] : [])";
        }

        yield return $"variables.ownMounts.filter(m, {home}).map(m, 'container ' + variables.name + ' mounts volume ' + m.name + "
            + $"' at ' + m.mountPath + {Cel.Text($"{Advice}mount it elsewhere, or inject by the webhook")})";
        if (Rule.HasOrdinarySidecar)
        {
            yield return Cel.Texts([$"{Rule.SidecarSetting} is container{Advice}set it to auto, or inject by the webhook"]);
        }

        if (Rule.SetsPodField is { } setting)
        {
            yield return Cel.Texts([$"{setting} is set{Advice}remove it, or inject by the webhook"]);
        }

        if (Rule.Profile.Engine.Kind == EngineKind.HostSocket)
        {
            yield return OtherSocket();
        }
    }

    private static string NamesFile(string file)
    {
        const string words = @"(^|\s)--config(=|\s|$)|(^|\s|/)run-single(\s|$)|CONFIG_FILE|gitlab-runner[^;&|\n]*\s-c\s";
        return $"variables.env.exists(e, e.name == 'CONFIG_FILE' && e.?value.orValue('') != {Cel.Text(file)}) || "
            + $"variables.words.exists(w, w.matches({Cel.Text(words)})) || "
            + "variables.words.exists(w, w == '-c') && !variables.words[0].matches('(^|/)(ba|da|a)?sh$')";
    }

    // The engine mounts such a volume, under a name that no policy can know the digest of.
    private string OtherSocket()
    {
        var (name, path) = (Rule.Profile.SocketVolume.Name, Rule.Profile.Engine.SocketPath);
        var isMounted = $"variables.ownMounts.exists(m, m.name == v.name && {PodVariables.PathOf("m")} == {Cel.Text(path)})";
        return $"variables.volumes.filter(v, v.name != {Cel.Text(name)} && {new Refusals(Rule, Rendering).IsSocket("v")} && "
            + $"!{isMounted}).map(v, 'volume ' + v.name + {Cel.Text(
                $" is hostPath {path} under another name{Advice}name it {name}, or mount it at {path}")})";
    }
}
