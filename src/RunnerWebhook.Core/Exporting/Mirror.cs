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
        yield return ($"{Prefix}Local", LocalFolders());
        yield return ($"{Prefix}Env", Cel.Flat(
        [
            $"variables.{Prefix}Own",
            .. isRegistration ? ["(variables.entryFile == '' ? [] : [{'name': 'SSL_CERT_FILE', 'value': variables.entryFile}])"]
                : Array.Empty<string>(),
            $"(variables.{Prefix}Local == [] || 'SSL_CERT_DIR' in variables.envNames ? [] : [{{'name': 'SSL_CERT_DIR', 'value': "
                + $"([{Cel.Text(RunnerAccess.SystemCertificates)}] + variables.{Prefix}Local).join(':')}}])",
        ]));
        yield return ($"{Prefix}Unseen", $"variables.{Prefix}Own.exists(e, e.name in {paths} && has(e.valueFrom))");
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
    public static (string Name, string Expression) EntryFile()
    {
        var file = Cel.Text(RunnerAccess.EntryPointCertificate);
        var holds = "(!has(v.configMap) && !has(v.secret)) || [v.?configMap.?items.orValue([]) + v.?secret.?items.orValue([])]"
            + ".exists(i, i == [] || (m.?subPath.orValue('') != '' ? i.exists(j, j.path == m.subPath) || "
            + $"{PodVariables.PathOf("m")} != {file} : "
            + $"i.exists(j, {PodVariables.PathOf("m")} + '/' + j.path == {file})))";
        return ("entryFile", "'SSL_CERT_FILE' in variables.envNames || !(variables.runner.?command.orValue([]) == [] || "
            + "variables.runner.command.exists(w, w.matches('(^|/)(docker-)?entrypoint(.sh)?$'))) ? '' : "
            + $"variables.ownMounts.filter(m, {IsInnermost("m", file)}).exists(m, variables.volumes.exists(v, "
            + $"v.name == m.name && ({holds}))) ? {file} : ''");
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
