using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Tests.Docs;

/// <summary>Runs the shell commands of a document with stand-ins for every tool, which write down how they are called. The shell
/// itself is a real one, so that quotes, pipes, here-documents and variables mean what they mean to a reader. A command that has no
/// stand-in fails.</summary>
internal static partial class RecordedShell
{
    /// <summary>The tools that documents may call; <see cref="KnownCommands"/> checks how.</summary>
    public static readonly string[] Tools =
    [
        "argocd", "cosign", "crane", "curl", "docker", "dotnet", "flux", "gh", "git", "gitlab-ctl", "gitlab-rails", "glab", "gzip",
        "kubectl", "kustomize", "openssl", "runner-webhook", "sha256sum", "sudo", "tar",
    ];

    // They only move text around.
    private static readonly string[] Real = ["base64", "cat", "head", "mkdir", "rm", "sh", "tr", "uname"];

    private const string StandIn = """
        #!/bin/sh
        { printf '%s\0' "${0##*/}" "$@"; printf '\036'; } >>"$RECORD"
        case " $* " in
        *' - '* | *=-\ *) cat >>"$RECORD.input" ;;
        *) cat >/dev/null ;; # or the writer of the pipe fails by chance
        esac
        echo stand-in

        """;

    /// <summary>Every call of a tool, with its arguments, and what calls read from their standard input.</summary>
    /// <param name="script">The shell commands.</param>
    public static async Task<(string[][] Calls, string Input)> Run(string script)
    {
        var folder = Directory.CreateTempSubdirectory("document-").FullName;
        try
        {
            var record = Path.Combine(folder, "record");
            await File.WriteAllTextAsync(record, "");
            await Prepare(folder, script);
            var run = await Run(folder, record, script);
            if (run.ExitCode != 0)
            {
                throw new InvalidOperationException($"exit code {run.ExitCode}: {run.Error}\n{script}");
            }

            var calls = (await File.ReadAllTextAsync(record)).Split('\x1e', StringSplitOptions.RemoveEmptyEntries)
                .Select(call => call.Split('\0')[..^1]).ToArray();
            var input = record + ".input";
            return (calls, File.Exists(input) ? await File.ReadAllTextAsync(input) : "");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Prepare(string folder, string script)
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        var standIn = Path.Combine(bin, "stand-in");
        await File.WriteAllTextAsync(standIn, StandIn);
        File.SetUnixFileMode(standIn, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var tool in Tools)
        {
            File.CreateSymbolicLink(Path.Combine(bin, tool), standIn);
        }

        File.CreateSymbolicLink(Path.Combine(folder, "dev"), standIn);
        foreach (var tool in Real)
        {
            var path = new[] { "/usr/bin/", "/bin/" }.Select(place => place + tool).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(bin, tool), path);
        }

        // What a reader has by then: the files that commands read.
        foreach (Match read in Read().Matches(script))
        {
            var file = Path.Combine(folder, read.Groups[1].Value.Replace("~/", "", StringComparison.Ordinal));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, "");
        }
    }

    private static async Task<(int ExitCode, string Error)> Run(string folder, string record, string script)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Path.Combine(folder, "bin");
        start.Environment["HOME"] = folder;
        start.Environment["RECORD"] = record;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    [GeneratedRegex(@"(?:<|\bcat )(?!<|\()\s*([\w~][\w./~-]*)")]
    private static partial Regex Read();
}
