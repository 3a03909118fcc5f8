using System.Diagnostics;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>Programs of Debian's that tests need: installed where they are missing. Where that can't be done the test is
/// skipped with the reason; with <c>CI=true</c> that is a failure.</summary>
internal static class DebianTool
{
    // Tests run side by side, and apt-get does not wait for the lock of its lists.
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

        Judge(problem);
    }

    /// <summary>A program out of a package that must not be installed, because that would start a service: the package is
    /// unpacked into a cache. A program that is installed already goes before it.</summary>
    /// <returns>The program's path.</returns>
    public static string Unpack(string package, string path)
    {
        var script = $$"""
            command -v {{Path.GetFileName(path)}} && exit 0
            cache=${XDG_CACHE_HOME:-$HOME/.cache}/runner-webhook/{{package}}
            [ -x "$cache{{path}}" ] || {
              command -v apt-get >&2 || exit 1
              mkdir -p "$cache" && cd "$cache"
              root=; [ "$(id -u)" = 0 ] || root='sudo -n'
              { apt-get -qq download {{package}} || { $root apt-get -qq update && apt-get -qq download {{package}}; }; } >&2 || exit 1
              dpkg-deb -x {{package}}_*.deb . && rm {{package}}_*.deb
            }
            [ -x "$cache{{path}}" ] && echo "$cache{{path}}"
            """;
        string problem, output;
        lock (OneAtATime)
        {
            (problem, output) = Run(script);
        }

        Judge(problem.Length > 0 ? $"{path} of {package} is not there and can't be fetched: {problem}" : "");
        return output;
    }

    private static void Judge(string problem)
    {
        if (problem.Length > 0 && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(problem);
        }

        Assert.SkipWhen(problem.Length > 0, problem);
    }

    private static string Provide(string program)
    {
        var (problem, _) = Run($$"""
            command -v {{program}} && exit 0
            command -v apt-get || exit 1
            root=; [ "$(id -u)" = 0 ] || root='sudo -n'
            export DEBIAN_FRONTEND=noninteractive
            install() { $root apt-get -y -qq install --no-install-recommends {{program}}; }
            install || $root apt-get -qq update && install
            command -v {{program}}
            """);
        return problem.Length == 0 ? "" : $"{program} is not there and can't be installed: {problem}";
    }

    // The last line of the output, and of the errors where the script failed.
    private static (string Problem, string Output) Run(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        var all = output + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode == 0 ? "" : $"exit code {process.ExitCode}: {LastLine(all)}", LastLine(output));
    }

    private static string LastLine(string text) => text.Trim().Split('\n')[^1];
}
