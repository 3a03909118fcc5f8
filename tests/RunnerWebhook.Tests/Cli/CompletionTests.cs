using System.Diagnostics;
using RunnerWebhook.Tests.Configuration;
using RunnerWebhook.Tests.Registration;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

/// <summary>Completion of command lines: the program's own answers, and what shells make of them.</summary>
public sealed class CompletionTests : IDisposable
{
    private const string Configuration = ConfigurationCorpus.Head
        + "profiles:\n  large: {register: {url: https://gitlab.example.com/}}\n  little: {}\n";

    private readonly string _home = Directory.CreateTempSubdirectory("completion").FullName;

    [Theory]
    [InlineData("certs check completion config explain export inject playground serve support-bundle token uninject", "")]
    [InlineData("options schema show validate", "config", "")]
    [InlineData("uninject", "un")]
    [InlineData("json patch yaml", "inject", "-o", "")]
    [InlineData("patch", "inject", "--output=pa")]
    [InlineData("json yaml", "config", "show", "-o", "")]
    [InlineData("group instance project", "token", "create", "--type", "")]
    [InlineData("false true", "token", "create", "--locked=")]
    [InlineData("bash fish zsh", "completion", "")]
    [InlineData("--filename --output", "inject", "--recursive", "--diff", "--config", "x", "--kubernetes-version=1.31", "--help", "--")]
    [InlineData("-o", "inject", "-o")]
    [InlineData("", "inject", "--kubernetes-version", "")]
    [InlineData("", "inject", "elsewhere")]
    [InlineData("", "inject", "--", "-")]
    [InlineData("", "token", "create", "--token", "")]
    public async Task Complete_Words_AreThoseThatMayFollow(string expected, params string[] words)
    {
        var run = await CommandRun.Of(["__complete", .. words]);

        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal((0, "", "words"), (run.ExitCode, run.Error, lines[0]));
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), lines[1..].Select(line => line.Split('\t')[0]));
    }

    [Theory]
    [InlineData("files", "inject", "-f", "")]
    [InlineData("files", "serve", "--tls-cert", "/etc/")]
    [InlineData("files", "check", "--kubeconfig=")]
    [InlineData("folders", "certs", "--out", "")]
    public async Task Complete_Paths_AreLeftToTheShell(string expected, params string[] words) =>
        Assert.Equal(expected + "\n", (await CommandRun.Of(["__complete", .. words])).Output);

    [Fact]
    public async Task Complete_EveryCommand_OffersEveryOptionOfItsHelp()
    {
        var commands = await Commands();

        Assert.True(commands.Count >= 18);
        foreach (var command in commands)
        {
            var help = await CommandRun.Of([.. command, "--help"]);
            var shown = help.Output.Split('\n').Where(line => line.StartsWith("  -", StringComparison.Ordinal))
                .SelectMany(line => line.Trim().Split("  ")[0].Split(' ', ','))
                .Where(word => word.StartsWith("--", StringComparison.Ordinal));
            Assert.Equal(shown.Order(StringComparer.Ordinal), (await Words([.. command, "--"])).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Half a command line is what completion sees, and what people enter by mistake.</summary>
    [Fact]
    public async Task Option_WithoutItsValue_IsAUsageErrorInEveryCommand()
    {
        foreach (var command in await Commands())
        {
            var help = await CommandRun.Of([.. command, "--help"]);
            var valued = help.Output.Split('\n').Where(line => line.StartsWith("  -", StringComparison.Ordinal)
                && line.Contains('<', StringComparison.Ordinal) && !line.Contains("<true|false>", StringComparison.Ordinal));
            foreach (var option in valued.Select(line => line[line.IndexOf("--", StringComparison.Ordinal)..].Split(' ', ',')[0]))
            {
                var run = await CommandRun.Of([.. command, option]);

                Assert.Equal((2, ""), (run.ExitCode, run.Output));
                Assert.EndsWith($"Usage: see {string.Join(' ', command.Prepend("runner-webhook"))} --help\n", run.Error);
            }
        }
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("zsh", true)]
    [InlineData("fish")]
    public async Task Tab_InARealShell_CompletesTheLine(string shell, bool isInstalled = false)
    {
        await File.WriteAllTextAsync(Path.Combine(_home, "my conf.yaml"), Configuration, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_home, "out dir"));
        (string Typed, string Completed)[] lines =
        [
            ("inj", "inject "),
            ("config v", "config validate "),
            ("inject -o p", "inject -o patch "),
            ("inject --output=p", "inject --output=patch "),
            ("inject --rec", "inject --recursive "),
            ("inject -f my", "inject -f my\\ conf.yaml "),
            ("inject --filename=my", "inject --filename=my\\ conf.yaml "),
            ("inject --filename \"my", "inject --filename \"my conf.yaml\" "),
            ("certs --out o", "certs --out out\\ dir/"),
            ("certs --out=o", "certs --out=out\\ dir/"),
            ("config show -c 'my conf.yaml' --profile la", "config show -c 'my conf.yaml' --profile large "),
            ("config show -c my\\ conf.yaml --profile=l", "config show -c my\\ conf.yaml --profile=l"),
            ("config show \"--config=my conf.yaml\" --profile d", "config show \"--config=my conf.yaml\" --profile default "),
            ("config show --config=~/my\\ conf.yaml --profile li", "config show --config=~/my\\ conf.yaml --profile little "),
            ("config show --config=nowhere --profile d", "config show --config=nowhere --profile d"),
            ("config show --config \"$(touch run)\" --o", "config show --config \"$(touch run)\" --output "),
            ("inject elsewhere", "inject elsewhere"),
        ];

        using var session = await CompletingShell.Start(shell, _home, isInstalled);
        var completed = new List<string>();
        foreach (var (typed, _) in lines)
        {
            completed.Add(await session.Complete("runner-webhook " + typed));
        }

        Assert.Equal(lines.Select(line => "runner-webhook " + line.Completed), completed);
        Assert.False(File.Exists(Path.Combine(_home, "run")), "a word of the command line was run");
        Assert.DoesNotContain("runner-webhook:", session.Screen);
    }

    [Fact]
    public async Task Script_ShellCheck_FindsNothing()
    {
        DebianTool.Require("shellcheck");
        var script = Path.Combine(_home, "completion.bash");
        await File.WriteAllTextAsync(script, (await CommandRun.Of("completion", "bash")).Output, TestContext.Current.CancellationToken);

        string[] arguments = ["--shell=bash", "--enable=all", "--exclude=SC2250,SC2310,SC2312", script];
        using var process = Process.Start(new ProcessStartInfo("shellcheck", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output);
    }

    private static async Task<string[]> Words(string[] words) => [.. (await CommandRun.Of(["__complete", .. words])).Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t')[0])];

    /// <summary>All commands, those that only hold others among them.</summary>
    private static async Task<List<string[]>> Commands()
    {
        var commands = new List<string[]> { Array.Empty<string>() };
        for (var at = 0; at < commands.Count; at++)
        {
            var help = await CommandRun.Of([.. commands[at], "--help"]);
            var names = help.Output.Contains("\nCommands:\n", StringComparison.Ordinal) ? await Words([.. commands[at], ""]) : [];
            commands.AddRange(names.Select(name => (string[])[.. commands[at], name]));
        }

        return commands;
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
