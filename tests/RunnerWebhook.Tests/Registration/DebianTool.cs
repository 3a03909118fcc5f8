using System.Diagnostics;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>Programs of Debian's that tests need: installed where they are missing. Where that can't be done the test is
/// skipped with the reason; with <c>CI=true</c> that is a failure.</summary>
internal static class DebianTool
{
    private static readonly Lock OneAtATime = new();
    private static readonly Dictionary<string, string> Problems = new(StringComparer.Ordinal);

    /// <summary>Makes sure that a program is there, which the package of the same name brings.</summary>
    public static void Require(string program)
    {
        string problem;
        lock (OneAtATime)
        {
            problem = Problems.TryGetValue(program, out var known) ? known : Problems[program] = Provide(program);
        }

        if (problem.Length > 0 && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(problem);
        }

        Assert.SkipWhen(problem.Length > 0, problem);
    }

    private static string Provide(string program)
    {
        var install = $$"""
            command -v {{program}} && exit 0
            command -v apt-get || exit 1
            root=; [ "$(id -u)" = 0 ] || root='sudo -n'
            export DEBIAN_FRONTEND=noninteractive
            install() { $root apt-get -y -qq install --no-install-recommends {{program}}; }
            install || $root apt-get -qq update && install
            command -v {{program}}
            """;
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", install])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{program} is not there and can't be installed: {output.Trim().Split('\n')[^1]}";
    }
}
