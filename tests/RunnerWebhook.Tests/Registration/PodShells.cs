using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>The shells of the images that people run: Debian's, many others', Alpine's.</summary>
internal static class PodShells
{
    public static IEnumerable<TheoryDataRow<string>> All() => [new("dash"), new("bash"), new("busybox")];

    /// <summary>How a container runs a file with a shell; skips the test where the shell can't be had.</summary>
    public static string[] File(string shell, string path)
    {
        DebianTool.Require(shell);
        return shell switch { "busybox" => ["busybox", "sh", path], "bash" => ["bash", "--posix", path], _ => [shell, path] };
    }

    /// <summary>How a container starts a script in a shell; skips the test where the shell can't be had.</summary>
    public static string[] Command(string shell, string script)
    {
        DebianTool.Require(shell);
        // busybox has a sleep of its own and doesn't look for another: tests that shorten it say so.
        return shell == "busybox"
            ? ["busybox", "sh", "-c", "sleep() { /usr/bin/env sleep \"$@\"; }\n" + script, "init-runner"]
            : [shell, .. shell == "bash" ? new[] { "--posix" } : [], "-c", script, "init-runner"];
    }
}
