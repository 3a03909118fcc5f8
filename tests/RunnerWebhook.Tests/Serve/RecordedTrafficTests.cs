using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Oracle;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>What real API servers sent, byte for byte.</summary>
public sealed class RecordedTrafficTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Tests, "admission-reviews");

    public static IEnumerable<TheoryDataRow<string>> Files() =>
        Directory.GetFiles(Folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new TheoryDataRow<string>(Path.GetRelativePath(Folder, file)));

    [Fact]
    public void Folder_Always_HoldsBothServers() => Assert.Equal(14, Files().Count());

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Review_Recorded_IsAnsweredAsItsNameSays(string file)
    {
        await using var server = await RunningServer.Start(new() { ConfigFile = SampleObjects.ConfigFile });
        var review = await File.ReadAllTextAsync(Path.Combine(Folder, file), TestContext.Current.CancellationToken);
        var request = JsonNode.Parse(review)!["request"]!;

        var response = await server.Review(review);

        Assert.Equal((string)request["uid"]!, (string)response["uid"]!);
        Assert.True((bool)response["allowed"]!);
        // The label goes with nothing recorded: the objects were stored without this webhook.
        var isOptOut = file.Contains("label-removed", StringComparison.Ordinal);
        Assert.Equal(isOptOut ? "left-alone-not-labelled" : "injected", (string)response["auditAnnotations"]!["outcome"]!);
        Assert.Equal(isOptOut, RunningServer.PatchOf(response) == "[]");
        if (!isOptOut)
        {
            var patched = AppliedPatch.Of(request["object"]!.ToJsonString(), RunningServer.PatchOf(response));
            var template = (string)request["kind"]!["kind"]! == "Pod" ? patched : patched["spec"]!["template"]!;
            Assert.Equal("init-runner", (string)template["spec"]!["initContainers"]![0]!["name"]!);
            Assert.Equal(3600, (int)template["spec"]!["terminationGracePeriodSeconds"]!);
        }
    }

    [Fact]
    public async Task Review_DryRun_GivesTheSamePatch()
    {
        await using var server = await RunningServer.Start(new() { ConfigFile = SampleObjects.ConfigFile });
        var real = await File.ReadAllTextAsync(Path.Combine(Folder, "v1.36.2", "daemonset-create.json"), TestContext.Current.CancellationToken);

        var answer = await server.Review(real);
        var dry = await server.Review(real.Replace("\"dryRun\":false", "\"dryRun\":true", StringComparison.Ordinal));

        Assert.Equal(answer.ToJsonString(), dry.ToJsonString());
    }
}
