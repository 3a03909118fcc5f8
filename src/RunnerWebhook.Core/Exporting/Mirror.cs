using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Core.Exporting;

/// <summary>What an injected container gets of the runner container's, as expressions: <see cref="AccessMirror"/> in CEL, from
/// the same table.</summary>
/// <param name="Use">Whose container it is.</param>
/// <param name="Prefix">What the names of its variables begin with.</param>
/// <param name="Paths">Files that the settings name.</param>
/// <param name="Folders">Folders of which every mount comes along.</param>
/// <param name="Taken">The paths that the container needs itself.</param>
internal sealed record Mirror(AccessUse Use, string Prefix, string[] Paths, string[] Folders, string[] Taken)
{
    private const string Path = "p";

    private IEnumerable<AccessVariable> Variables => RunnerAccess.Variables.Where(variable => variable.Use.HasFlag(Use));

    /// <summary>The variables of the container.</summary>
    public string Env => $"variables.{Prefix}Env";

    /// <summary>The mounts.</summary>
    public string Mounts => $"variables.{Prefix}Mounts";

    /// <summary>The variables of the policy.</summary>
    public IEnumerable<(string Name, string Expression)> All()
    {
        var names = Cel.Texts(Variables.Select(variable => variable.Name));
        var paths = Cel.Texts(Variables.Where(variable => variable.IsPath).Select(variable => variable.Name));
        var isRegistration = Use == AccessUse.Registration;
        yield return ($"{Prefix}Own", $"{names}.filter(n, n in variables.envNames).map(n, variables.env.filter(e, e.name == n)"
            + "[variables.env.filter(e, e.name == n).size() - 1])");
        yield return ($"{Prefix}From", From());
        yield return ($"{Prefix}Names", $"(variables.{Prefix}Own + variables.{Prefix}From).map(e, e.name)");
        if (isRegistration)
        {
            yield return EntryFile();
        }

        yield return ($"{Prefix}Local", LocalFolders());
        yield return ($"{Prefix}Env", Cel.Flat(
        [
            $"variables.{Prefix}Own",
            $"variables.{Prefix}From",
            .. isRegistration ? ["(variables.entryFile == '' ? [] : [{'name': 'SSL_CERT_FILE', 'value': variables.entryFile}])"]
                : Array.Empty<string>(),
            $"(variables.{Prefix}Local == [] || 'SSL_CERT_DIR' in variables.{Prefix}Names ? [] : "
                + "[{'name': 'SSL_CERT_DIR', 'value': "
                + $"([{Cel.Text(RunnerAccess.SystemCertificates)}] + variables.{Prefix}Local).join(':')}}])",
        ]));
        yield return ($"{Prefix}Unseen", $"(variables.{Prefix}Own + variables.{Prefix}From)"
            + $".exists(e, e.name in {paths} && has(e.valueFrom))");
        yield return ($"{Prefix}Files", Cel.Flat(
        [
            Cel.Texts(Paths),
            $"variables.{Prefix}Own.filter(e, e.name in {paths} && !has(e.valueFrom)).map(e, e.?value.orValue('').split(':'))"
                + ".flatten().filter(f, f != '')",
            .. isRegistration
                ? ["(variables.entryFile == '' ? [] : [variables.entryFile])",
                    "(has(variables.runner.workingDir) ? [variables.runner.workingDir] : [])"]
                : Array.Empty<string>(),
        ]));
        yield return ($"{Prefix}Mounts", $"variables.ownMounts.filter(m, {Cel.List([PodVariables.PathOf("m")])}.exists({Path}, "
            + $"!({Path} in {Cel.Texts(Taken.Select(Trimmed))}) && ({IsNeeded()})))");
    }

    /// <summary>The file that the entry point of GitLab's image trusts, where a volume brings it; empty for none.</summary>
    private static (string Name, string Expression) EntryFile()
    {
        var file = Cel.Text(RunnerAccess.EntryPointCertificate);
        var holds = "(!has(v.configMap) && !has(v.secret)) || [v.?configMap.?items.orValue([]) + v.?secret.?items.orValue([])]"
            + ".exists(i, i == [] || (m.?subPath.orValue('') != '' ? i.exists(j, j.path == m.subPath) || "
            + $"{PodVariables.PathOf("m")} != {file} : "
            + $"i.exists(j, {PodVariables.PathOf("m")} + '/' + j.path == {file})))";
        return ("entryFile", "'SSL_CERT_FILE' in variables.initNames || !(variables.runner.?command.orValue([]) == [] || "
            + "variables.runner.command.exists(w, w.matches('(^|/)(docker-)?entrypoint(.sh)?$'))) ? '' : "
            + $"variables.ownMounts.filter(m, {IsInnermost("m", file)}).exists(m, variables.volumes.exists(v, "
            + $"v.name == m.name && ({holds}))) ? {file} : ''");
    }

    // RunnerEnvFrom: each variable by its key, from the last source that can hold it.
    private string From()
    {
        var names = Cel.Texts(Variables.Select(variable => variable.Name).Where(name => name != RunnerEnvFrom.NotFromElsewhere));
        const string prefix = "s.?prefix.orValue('')";
        const string isHolder = $"n.startsWith({prefix}) && n != {prefix} && "
            + "(s.?configMapRef.?name.orValue('') != '' || s.?secretRef.?name.orValue('') != '')";
        const string key = $"'key': dyn(n.substring({prefix}.size())), 'optional': dyn(true)";
        return $"{names}.filter(n, !(n in variables.envNames) && variables.sources.exists(s, {isHolder})).map(n, "
            + $"variables.sources.filter(s, {isHolder}).map(s, {{'name': dyn(n), 'valueFrom': dyn(has(s.configMapRef) ? "
            + $"{{'configMapKeyRef': {{'name': dyn(s.configMapRef.name), {key}}}}} : "
            + $"{{'secretKeyRef': {{'name': dyn(s.secretRef.name), {key}}}}})}}).reverse()[0])";
    }

    private string IsNeeded()
    {
        var folders = Folders.Concat(RunnerAccess.Places.Where(place => place.Use.HasFlag(Use)).Select(place => place.Path))
            .Select(Trimmed).Distinct();
        var unseen = "variables.volumes.exists(v, v.name == m.name && (has(v.configMap) || has(v.secret)"
            + $"{(Use == AccessUse.Registration ? " || has(v.projected)" : "")})) && !{PodVariables.IsServiceAccount("m")}";
        return string.Join(" ||\n",
            $"{Cel.Texts(folders)}.exists(f, {Path} == f || {Path}.startsWith(f + '/'))",
            $"variables.{Prefix}Files.exists(f, {Path}.startsWith(f + '/') || ({IsInnermost("m", "f")}))",
            $"(variables.{Prefix}Unseen && {unseen})");
    }

    private static string IsInnermost(string mount, string file)
    {
        var path = PodVariables.PathOf(mount);
        return $"{Covers(path, file)} && !variables.ownMounts.exists(o, {Covers(PodVariables.PathOf("o"), file)} && "
            + $"{PodVariables.PathOf("o")}.size() > {path}.size())";
    }

    private static string Covers(string path, string file) =>
        $"({file} == {path} || {path} == '/' || {file}.startsWith({path} + '/'))";

    private static string LocalFolders()
    {
        var folder = Cel.Text(RunnerAccess.LocalCertificates);
        return $"variables.ownMounts.filter(m, {PodVariables.PathOf("m")} == {folder} || m.mountPath.startsWith({folder} + '/'))"
            + ".map(m, m.?subPath.orValue('') != '' || m.mountPath.endsWith('.crt') ? "
            + $"m.mountPath.substring(0, m.mountPath.lastIndexOf('/')) : {PodVariables.PathOf("m")}).distinct()";
    }

    private static string Trimmed(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
}
