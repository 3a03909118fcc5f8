using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>The configuration file that the runner reads, and the registration writes.</summary>
/// <param name="MountPath">The folder, in which the volume of the configuration is mounted, as it is written.</param>
/// <param name="Name">The file's name in there.</param>
internal sealed record ConfigFile(string MountPath, string Name)
{
    /// <summary>The default name.</summary>
    public const string UsualName = "config.toml";

    /// <summary>The variable that names the file.</summary>
    public const string Variable = RunnerCommand.ConfigVariable;

    // Folders of the system and of users: a volume over one would hide what a runner needs.
    private static readonly string[] SystemFolders =
    [
        "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/tmp",
        "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/sbin", "/usr/share", "/var", "/var/cache",
        "/var/lib",
        "/var/log", "/var/run", "/var/tmp",
    ];

    /// <summary>The folder without a slash at its end.</summary>
    public string Directory => MountPath.TrimEnd('/');

    /// <summary>The file's path.</summary>
    public string Path => Directory + "/" + Name;

    /// <summary>The file that a runner container reads, as its command and environment say.</summary>
    /// <param name="runner">The runner container, without what was injected.</param>
    /// <param name="mountPath">The folder that the settings name.</param>
    /// <param name="problem">Why no registration can get there, and what to do, when the result is null.</param>
    public static ConfigFile? Find(Container runner, string mountPath, out string problem)
    {
        var calls = RunnerCommand.OfRunner(runner);
        var run = calls.LastOrDefault(call => call.Verb == "run");
        problem = "";
        if (run is null && calls.Any(call => call.Verb == "run-single"))
        {
            problem = $"container {runner.Name} runs gitlab-runner run-single, which ignores registered runners: "
                + "run gitlab-runner run";
            return null;
        }

        var variable = runner.Env.LastOrDefault(own => own.Name == Variable);
        if (run?.ConfigFile is null && variable is { Value: null })
        {
            problem = $"container {runner.Name} takes {Variable} from elsewhere (valueFrom), so the webhook "
                + "cannot see which file the runner reads: set the path there as value, or remove the variable";
            return null;
        }

        var stated = run?.ConfigFile ?? variable?.Value;
        if (stated is null)
        {
            return new(mountPath, UsualName);
        }

        return At(runner, stated.Length > 0 ? stated : WellKnown.RunnerDirectory + "/" + UsualName, mountPath, out problem);
    }

    private static ConfigFile? At(Container runner, string stated, string mountPath, out string problem)
    {
        var path = Absolute(runner, ShellVariables.ExpandReferences(stated, Literals(runner)));
        problem = "";
        if (path is null || path.Contains('$', StringComparison.Ordinal))
        {
            problem = $"container {runner.Name} reads its configuration from '{stated}', which is not an absolute path "
                + $"that the webhook can read: give the whole path, or remove --config and {Variable}";
            return null;
        }

        var slash = path.LastIndexOf('/');
        var (folder, name) = (slash == 0 ? "/" : path[..slash], path[(slash + 1)..]);
        var isHome = folder.StartsWith("/home/", StringComparison.Ordinal) && folder.LastIndexOf('/') == 5;
        if (SystemFolders.Contains(folder) || isHome || name.Length == 0)
        {
            problem = $"container {runner.Name} reads its configuration from {path}, where no volume can be mounted without "
                + $"hiding what else is in {folder}: move the file into a folder of its own, or remove --config and {Variable}";
            return null;
        }

        return new(VolumeMount.SamePath(folder, mountPath) ? mountPath : folder, name);
    }

    private static string? Absolute(Container runner, string path)
    {
        if (!path.StartsWith('/'))
        {
            if (runner.Json.Text("workingDir") is not { Length: > 0 } directory)
            {
                return null;
            }

            path = $"{directory}/{path}";
        }

        return path.StartsWith('/') ? VolumeMount.WithoutDetours(path) : null;
    }

    private static Dictionary<string, string> Literals(Container runner)
    {
        var literals = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in runner.Env.Where(variable => variable.IsLiteral))
        {
            literals[variable.Name] = variable.Value!;
        }

        return literals;
    }
}
