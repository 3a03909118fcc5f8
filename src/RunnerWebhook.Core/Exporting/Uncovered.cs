using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>What the webhook would follow and a policy can't, as expressions: refused, so that nobody takes it for done.</summary>
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
        var mine = $"k == {Cel.Text(WellKnown.ProfileAnnotation)} && (variables.notes[?k].or(variables.ownNotes[?k])).orValue('') == "
            + Cel.Text(Rule.Profile.Name);
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
            var listed = globs.IsEmpty ? "nothing" : string.Join(", ", globs);
            yield return $"{Own}.filter(k, !{Allowed(globs)}).map(k, 'annotation ' + k + "
                + $"{Cel.Text($" is set, but {rule.Place} allows {listed}")})";
        }
    }

    private static string Allowed(IEnumerable<string> globs) => Cel.Matches($"k.substring({WellKnown.AnnotationPrefix.Length})", globs);

    /// <summary>Pods.</summary>
    public IEnumerable<string> Pods()
    {
        var profile = Rule.Profile;
        var (file, directory) = (new ConfigFile(profile.ConfigVolume.MountPath, ConfigFile.UsualName), profile.ConfigVolume.MountPath);
        string[] names = [.. RunnerAccess.Variables.Select(variable => variable.Name)];
        var runner = "'container ' + variables.name + ";
        yield return $"(variables.env.exists(e, e.name == 'CONFIG_FILE' && e.?value.orValue('') != {Cel.Text(file.Path)}) || "
            + @"variables.words.exists(w, w.matches('(^|\\s)--config(=|\\s|$)|(^|\\s|/)run-single(\\s|$)|CONFIG_FILE|gitlab-runner[^;&|\\n]*\\s-c\\s')) || "
            + "variables.words.exists(w, w == '-c') && !variables.words[0].matches('(^|/)(ba|da|a)?sh$') ? "
            + $"[{runner}{Cel.Text($" names its own configuration file{Advice}let it read {file.Path}, or inject by the webhook")}] : [])";
        yield return $"variables.env.filter(e, e.name in {Cel.Texts(names)} && e.?value.orValue('').contains('$(')).map(e, "
            + $"{runner}' refers to other variables in ' + e.name + {Cel.Text($"{Advice}write the value itself")})";
        yield return $"(!variables.env.exists(e, e.name == '{RunnerAccess.EntryPointVariable}') ? [] : "
            + $"[{runner}{Cel.Text($" sets {RunnerAccess.EntryPointVariable}{Advice}mount the certificates at {RunnerAccess.EntryPointCertificate}")}])";
        yield return $"variables.ownMounts.filter(m, m.mountPath.contains('{RunnerAccess.HomeCertificates}') || has(m.subPathExpr)).map(m, "
            + $"{runner}' mounts volume ' + m.name + ' at ' + m.mountPath + {Cel.Text($"{Advice}mount it elsewhere, or inject by the webhook")})";
        yield return $"(variables.runner.?envFrom.orValue([]) == [] ? [] : [{runner}"
            + $"{Cel.Text($" takes variables from whole ConfigMaps or Secrets (envFrom){Advice}list them under env")}])";
        if (Rule.HasOrdinarySidecar)
        {
            yield return Cel.Texts([$"engine.dind.sidecar is container{Advice}set it to auto, or inject by the webhook"]);
        }

        yield return $"({Rendering.IsTooOld} ? [{runner}{Cel.Text($" runs a release before 13.11{Advice}use a later one")}] : [])";
        if (profile.Engine.Kind == EngineKind.HostSocket)
        {
            var own = Cel.Text(profile.SocketVolume.Name);
            var socket = new Refusals(Rule, Rendering).IsSocket("v");
            var path = Cel.Text(profile.Engine.SocketPath);
            yield return $"variables.volumes.filter(v, v.name != {own} && {socket} && !variables.ownMounts.exists(m, m.name == v.name && "
                + $"{PodVariables.PathOf("m")} == {path})).map(v, 'volume ' + v.name + "
                + $"{Cel.Text($" is hostPath {profile.Engine.SocketPath} under another name{Advice}name it {profile.SocketVolume.Name}, or "
                    + $"mount it at {profile.Engine.SocketPath}")})";
        }
    }
}
