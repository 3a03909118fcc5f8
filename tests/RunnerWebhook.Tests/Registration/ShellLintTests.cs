using System.Diagnostics;
using RunnerWebhook.Core.Injection;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>What ShellCheck says of the scripts that run in pods: POSIX only, and nothing to complain about.</summary>
public sealed class ShellLintTests
{
    // Optional rules that stay off: braces around every variable, and exit codes that are looked at elsewhere.
    private const string Off = "SC2250,SC2310,SC2312";

    public static TheoryData<string, string> All => new()
    {
        { "guard", Scripts.Guard },
        { "stop", Scripts.Stop },
        { "dind-start", Scripts.DindStart },
        { "dind-stop", Scripts.DindStop },
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
