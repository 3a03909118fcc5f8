using System.Diagnostics;
using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Manifests;
using RunnerWebhook.Tests.Cli;
using RunnerWebhook.Tests.Oracle;
using RunnerWebhook.Tests.Serve;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Golden;

/// <summary>Every case goes through every door: the doors must agree.</summary>
public sealed class GoldenTests
{
    private static readonly string[] KnownFiles =
        ["input.yaml", "config.yaml", "output.yaml", "patch.json", "report.txt", "denied.txt", "explained.txt", "shown.yaml"];

    [Fact]
    public void Folder_Always_HoldsWholeCasesOnly()
    {
        foreach (var folder in Directory.GetDirectories(GoldenCase.Folder))
        {
            var files = Directory.GetFileSystemEntries(folder).Select(file => Path.GetFileName(file)!).ToArray();
            Assert.Empty(files.Except(KnownFiles));
            Assert.Contains("input.yaml", files);
            Assert.True(GoldenCase.IsAccepting || files.Contains("denied.txt") != files.Contains("output.yaml"),
                $"{folder} needs either denied.txt or output.yaml, patch.json and report.txt");
        }
    }

    [Theory]
    [MemberData(nameof(GoldenCase.All), MemberType = typeof(GoldenCase))]
    public async Task CommandLine_Case_PrintsWhatIsExpected(GoldenCase golden)
    {
        var run = await CommandRun.Of("inject", "-f", golden.Input, "--config", golden.Config);
        var report = run.Error.Replace(golden.Input, "input.yaml", StringComparison.Ordinal);
        if (run.ExitCode != 0)
        {
            Assert.Equal(1, run.ExitCode);
            Assert.Empty(run.Output);
            golden.Expect("denied.txt", report);
            return;
        }

        Assert.False(golden.IsDenied, "the case was accepted, but denied.txt expects a refusal");
        golden.Expect("output.yaml", run.Output);
        golden.Expect("report.txt", report);
        var patch = await CommandRun.Of("inject", "-f", golden.Input, "--config", golden.Config, "-o", "patch");
        golden.Expect("patch.json", patch.Output.Replace(golden.Input, "input.yaml", StringComparison.Ordinal));
    }

    /// <summary>The program itself, which has no reflection for JSON, as its runtime configuration says; these tests have.</summary>
    [Theory]
    [InlineData("minimal-daemonset")]
    [InlineData("template-without-guard")]
    [InlineData("dind-native")]
    [InlineData("remote-tls")]
    [InlineData("certificates-below-the-configuration")]
    public async Task Program_Case_PrintsWhatIsExpected(string name)
    {
        var golden = new GoldenCase(name);
        var program = Path.Combine(AppContext.BaseDirectory, "runner-webhook");
        using var process = Process.Start(new ProcessStartInfo(program, ["inject", "-f", golden.Input, "--config", golden.Config])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal(await File.ReadAllTextAsync(golden.PathOf("output.yaml"), TestContext.Current.CancellationToken), output);
    }

    [Theory]
    [MemberData(nameof(GoldenCase.Accepted), MemberType = typeof(GoldenCase))]
    public async Task CommandLine_OwnOutput_IsLeftAsItIs(GoldenCase golden)
    {
        var again = await CommandRun.Of("inject", "-f", golden.PathOf("output.yaml"), "--config", golden.Config);
        Assert.Equal(File.ReadAllText(golden.PathOf("output.yaml")), again.Output);
    }

    [Theory]
    [MemberData(nameof(GoldenCase.Accepted), MemberType = typeof(GoldenCase))]
    public async Task Uninject_Output_GivesInputBackByteForByte(GoldenCase golden)
    {
        var back = await CommandRun.Of("uninject", "-f", golden.PathOf("output.yaml"));
        Assert.Equal(File.ReadAllText(golden.Input), back.Output);
    }

    [Theory]
    [MemberData(nameof(GoldenCase.All), MemberType = typeof(GoldenCase))]
    public void Core_Case_AgreesWithIndependentAppliers(GoldenCase golden)
    {
        var injector = Injector(golden);
        var input = YamlFile.Parse(File.ReadAllText(golden.Input), out _)!;
        var namespaces = Namespaces(golden, injector);
        var expected = golden.IsDenied ? null : YamlFile.Parse(File.ReadAllText(golden.PathOf("output.yaml")), out _)!;
        var denials = 0;
        foreach (var item in ManifestObject.In(input).Where(item => item.Kind is not null))
        {
            if (WorkloadReader.Read(item.Json, item.Kind!, "", out _) is not { } workload)
            {
                denials++;
                continue;
            }

            var outcome = injector.Inject(namespaces.AddTo(workload));
            denials += outcome.IsDenied ? 1 : 0;
            if (expected is not null)
            {
                var applied = AppliedPatch.Of(item.Json.GetRawText(), Patch(outcome));
                var there = PieceAt(expected, item);
                Assert.True(JsonNode.DeepEquals(there, applied), $"{item.DisplayName}: output.yaml differs from the patched input");
            }
        }

        Assert.Equal(golden.IsDenied, denials > 0);
    }

    [Theory]
    [MemberData(nameof(GoldenCase.All), MemberType = typeof(GoldenCase))]
    public async Task Webhook_Case_GivesTheSamePatchAndSentence(GoldenCase golden)
    {
        var injector = Injector(golden);
        await using var server = await RunningServer.Start(new() { ConfigFile = golden.Config });
        var input = YamlFile.Parse(File.ReadAllText(golden.Input), out _)!;
        var namespaces = Namespaces(golden, injector);
        server.Namespaces.Fill(ManifestObject.In(input).Where(item => item.KindName == "Namespace").Select(item =>
            KeyValuePair.Create(WorkloadReader.DisplayNameOf(item.Json), NamespaceMetadataReader.Read(item.Json))));
        foreach (var item in ManifestObject.In(input).Where(item => item.Kind is { AdmittedOn.IsEmpty: false }))
        {
            var response = await server.Review(Reviews.Create(JsonNode.Parse(item.Json.GetRawText())!));
            Assert.Equal(Reviews.Uid, (string)response["uid"]!);
            if (WorkloadReader.Read(item.Json, item.Kind!, "", out _) is not { IsLabelled: true } workload)
            {
                Assert.False(response.ContainsKey("patch"));
                continue;
            }

            var outcome = injector.Inject(namespaces.AddTo(workload));
            Assert.Equal(!outcome.IsDenied, (bool)response["allowed"]!);
            Assert.Equal(Patch(outcome), RunningServer.PatchOf(response));
            Assert.Equal(outcome.IsDenied ? outcome.Sentence : null, (string?)response["status"]?["message"]);
            Assert.Equal(outcome.Code.Text(), (string)response["auditAnnotations"]!["outcome"]!);
        }
    }

    [Theory]
    [MemberData(nameof(GoldenCase.All), MemberType = typeof(GoldenCase))]
    public async Task Explain_Case_AgreesWithWhatIsDone(GoldenCase golden)
    {
        var injector = Injector(golden);
        var namespaces = Namespaces(golden, injector);
        var explain = await CommandRun.Of("explain", "-f", golden.Input, "--config", golden.Config, "-o", "json");
        var explained = JsonNode.Parse(explain.Output)!["objects"]!.AsArray();
        var items = ManifestObject.In(YamlFile.Parse(File.ReadAllText(golden.Input), out _)!).Where(item => item.Kind is not null).ToArray();

        Assert.Equal(golden.IsDenied ? 1 : 0, explain.ExitCode);
        Assert.Equal(items.Length, explained.Count);
        foreach (var (item, explanation) in items.Zip(explained))
        {
            var failed = explanation!["gates"]!.AsArray().Where(gate => (bool?)gate!["passed"] == false).ToArray();
            if (WorkloadReader.Read(item.Json, item.Kind!, "", out _) is { } workload)
            {
                var outcome = injector.Inject(namespaces.AddTo(workload));
                Assert.Equal((outcome.Code.Text(), outcome.Sentence), ((string)explanation["outcome"]!, (string)explanation["sentence"]!));
                Assert.Equal(!outcome.Patch.IsEmpty || outcome.Code == OutcomeCode.AlreadyInjected, failed.Length == 0);
            }

            Assert.All(failed, gate => Assert.Equal(explanation["sentence"]!.ToString(), gate!["detail"]!.ToString()));
        }

        if (File.Exists(golden.PathOf("explained.txt")))
        {
            var table = await CommandRun.Of("explain", "-f", golden.Input, "--config", golden.Config);
            golden.Expect("explained.txt", table.Output.Replace(golden.Input, "input.yaml", StringComparison.Ordinal));
        }
    }

    /// <summary>What is shown of a configuration states everything: it injects the same, but for credentials.</summary>
    [Theory]
    [MemberData(nameof(GoldenCase.All), MemberType = typeof(GoldenCase))]
    public async Task Show_Case_IsAConfigurationThatInjectsTheSame(GoldenCase golden)
    {
        var show = await CommandRun.Of("config", "show", "--config", golden.Config);
        var shown = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(shown, show.Output, TestContext.Current.CancellationToken);

        var again = await CommandRun.Of("config", "show", "--config", shown);
        var expected = await CommandRun.Of("inject", "-f", golden.Input, "--config", golden.Config);
        var inject = await CommandRun.Of("inject", "-f", golden.Input, "--config", shown);
        File.Delete(shown);

        Assert.Equal((0, ""), (show.ExitCode, show.Error));
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        var isMasked = show.Output.Contains("a token is shown as its digest", StringComparison.Ordinal);
        Assert.Equal(isMasked, File.ReadAllText(golden.Config).Contains("token: {value:", StringComparison.Ordinal));
        if (!isMasked)
        {
            Assert.Equal(WithoutComments(show.Output), WithoutComments(again.Output));
            Assert.Equal(expected.Output, inject.Output);
            Assert.Equal(expected.ExitCode, inject.ExitCode);
        }

        if (File.Exists(golden.PathOf("shown.yaml")))
        {
            var space = ManifestObject.In(YamlFile.Parse(File.ReadAllText(golden.Input), out _)!)
                .Select(item => item.Json.GetProperty("metadata")).Last().GetProperty("namespace").GetString()!;
            var one = await CommandRun.Of("config", "show", "--config", golden.Config,
                "--for-namespace", space, "--namespaces", golden.Input);
            golden.Expect("shown.yaml", one.Output);
        }
    }

    private static string[] WithoutComments(string yaml) => [.. yaml.Split('\n').Select(line => line.Split("  # ")[0].TrimEnd())];

    private static NamespaceManifests Namespaces(GoldenCase golden, Injector injector) =>
        NamespaceManifests.In([new ManifestSource(golden.Input, File.ReadAllText(golden.Input))], injector.Configuration);

    private static Injector Injector(GoldenCase golden)
    {
        var configuration = ConfigurationFile.Read(File.ReadAllText(golden.Config), golden.Config, out var mistakes);
        Assert.Empty(mistakes);
        return new(configuration!, ProgramVersion.Text);
    }

    private static string Patch(InjectionOutcome outcome) =>
        System.Text.Encoding.UTF8.GetString(PatchWriter.Write(outcome.Patch));

    private static JsonNode? PieceAt(YamlFile file, ManifestObject item)
    {
        var at = JsonNode.Parse(file.Documents[item.DocumentIndex].Json.GetRawText());
        foreach (var token in item.Path.Tokens)
        {
            at = at is JsonArray list ? list[int.Parse(token)] : at![token];
        }

        return at;
    }
}
