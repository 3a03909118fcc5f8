using System.Diagnostics;
using RunnerWebhook.Core.Injection;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>What ShellCheck says of the scripts that run in pods: POSIX only, and nothing to complain about.</summary>
public sealed class ShellLintTests
{
    // Optional rules that stay off: braces around every variable, and exit codes that are looked at elsewhere.
    // And default cases that do nothing, a file that the script itself writes, and what one script sets for the other.
    private const string Off = "SC2250,SC2310,SC2312,SC2249,SC1091,SC2034,SC2154";

    public static TheoryData<string, string> All => new()
    {
        { "guard", Scripts.Guard },
        { "guard as written", ScriptSource.Guard },
        { "hook", Scripts.Hook },
        { "hook as written", ScriptSource.Hook },
        { "engine-ready", Scripts.EngineReady },
        { "engine-start", Scripts.EngineStart },
        { "engine-stop", Scripts.EngineStop },
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task Script_ShellCheck_FindsNothing(string name, string script)
    {
        DebianTool.Require("shellcheck");
        using var process = Process.Start(new ProcessStartInfo("shellcheck", ["--shell=sh", "--enable=all", "--exclude=" + Off, "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, $"{name}: {output}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Script_ReadByKubelet_StaysAsItIs(string name, string script) =>
        Assert.True(KubeletExpansion.Of(script, new Dictionary<string, string> { ["CONFIG_FILE"] = "x", ["HOME"] = "x" }) == script, name);
}
