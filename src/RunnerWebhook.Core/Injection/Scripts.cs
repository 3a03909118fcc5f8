using System.Text;

namespace RunnerWebhook.Core.Injection;

/// <summary>The shell scripts that run in the pod: fixed POSIX sh, never spliced with a setting.</summary>
public static class Scripts
{
    /// <summary>Runs <c>gitlab-runner "$@"</c> so that exactly one runner is registered, however often it runs.</summary>
    public static string Guard { get; } = Read("runner-file.sh") + Read("guard.sh");

    /// <summary>Unregisters before the runner container stops.</summary>
    public static string Stop { get; } = Read("runner-file.sh") + Read("stop.sh");

    /// <summary>Waits until the pod's own engine answers at the socket <c>$1</c>, for two minutes at most.</summary>
    public static string DindStart { get; } = Read("dind-start.sh");

    /// <summary>Waits until the runner has done with the engine behind the socket <c>$1</c>.</summary>
    public static string DindStop { get; } = Read("dind-stop.sh");

    private static string Read(string name)
    {
        using var stream = typeof(Scripts).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
