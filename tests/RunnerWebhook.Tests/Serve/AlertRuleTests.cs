using System.Diagnostics;
using RunnerWebhook.Tests.Registration;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>What promtool says of the alerts: their syntax, and when they fire (<c>tests/alerts</c>).</summary>
public sealed class AlertRuleTests
{
    private static readonly string Rules = Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "observability", "alerts.yaml");
    private static readonly string Cases = Path.Combine(RepositoryFiles.Tests, "alerts", "alerts_test.yaml");

    [Fact]
    public async Task Rules_Promtool_FindsNothing() => Assert.Equal(0, (await Promtool("check", "rules", "--lint-fatal", Rules)).Code);

    [Fact]
    public async Task Cases_Promtool_FireAndStaySilentAsTheyShould()
    {
        var (code, output) = await Promtool("test", "rules", Cases);

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Case_OfABrokenRule_IsFound()
    {
        var folder = Directory.CreateTempSubdirectory("runner-webhook-alerts").FullName;
        var token = TestContext.Current.CancellationToken;
        var rules = await File.ReadAllTextAsync(Rules, token);
        await File.WriteAllTextAsync(Path.Combine(folder, "alerts.yaml"),
            rules.Replace("ca_bundle_match) == 0", "ca_bundle_match) == 1", StringComparison.Ordinal), token);
        var cases = await File.ReadAllTextAsync(Cases, token);
        await File.WriteAllTextAsync(Path.Combine(folder, "cases.yaml"),
            cases.Replace("../../charts-free-manifests/observability/", "", StringComparison.Ordinal), token);

        var (code, output) = await Promtool("test", "rules", Path.Combine(folder, "cases.yaml"));
        Directory.Delete(folder, recursive: true);

        Assert.NotEqual(0, code);
        Assert.Contains("RunnerWebhookCaBundleWrong", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Alerts_Each_HaveCasesThatFireAndThatStaySilent()
    {
        var tests = YamlFile.Parse(File.ReadAllText(Cases), out _)!.Documents[0].Json.GetProperty("tests").EnumerateArray()
            .Where(test => test.TryGetProperty("promql_expr_test", out _)).ToArray();
        var alerts = YamlFile.Parse(File.ReadAllText(Rules), out _)!.Documents[0].Json.GetProperty("groups")[0]
            .GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("alert").GetString()!);

        Assert.All(alerts, alert =>
        {
            var expectations = tests.Where(test => test.GetProperty("name").GetString()!.Split(' ')[0] == alert)
                .SelectMany(test => test.GetProperty("promql_expr_test").EnumerateArray()).ToArray();
            Assert.Contains(expectations, expected => expected.TryGetProperty("exp_samples", out var samples)
                && samples[0].GetProperty("labels").GetString()!.Contains($"alertname=\"{alert}\"", StringComparison.Ordinal));
            Assert.Contains(expectations, expected => !expected.TryGetProperty("exp_samples", out _));
        });
    }

    private static async Task<(int Code, string Output)> Promtool(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(DebianTool.Unpack("prometheus", "/usr/bin/promtool"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }
}
