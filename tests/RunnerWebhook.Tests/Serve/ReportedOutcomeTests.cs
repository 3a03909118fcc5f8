using System.Text.Json.Nodes;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary><c>reportSuccess</c>: where the sentence of a success goes.</summary>
public sealed class ReportedOutcomeTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly LoggedLines _log = new();

    [Theory]
    [InlineData("", true)]
    [InlineData("reportSuccess: warning\n", true)]
    [InlineData("reportSuccess: audit\n", false)]
    public async Task Success_Reported_IsAWarningOrOnlyInLogAndAudit(string setting, bool isWarned)
    {
        await using var server = await Start(setting);
        var injected = await server.Review(Reviews.Create(SampleObjects.DaemonSet()));
        var stored = Patched(SampleObjects.DaemonSet(), injected);
        var bare = stored.DeepClone().AsObject();
        bare["metadata"]!.AsObject().Remove("labels");
        var removed = await server.Review(Reviews.Update(bare, stored));
        var dropped = stored.DeepClone().AsObject();
        dropped["spec"]!["template"]!["spec"]!.AsObject().Remove("initContainers");
        var completed = await server.Review(Reviews.Update(dropped, stored));

        foreach (var (response, outcome) in new[] { (injected, "injected"), (removed, "removed"), (completed, "completed") })
        {
            var sentence = (string)response["auditAnnotations"]!["sentence"]!;
            Assert.Equal(outcome, (string)response["auditAnnotations"]!["outcome"]!);
            Assert.True((bool)response["allowed"]!);
            Assert.Equal(isWarned ? ["runner-webhook: " + sentence] : [], Shortened(response, sentence));
            Assert.Single(_log.With($"{Reviews.Uid}"), line => line.EndsWith(": " + sentence, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Audit_NoSuccess_StillWarnsOrRefuses()
    {
        await using var server = await Start("reportSuccess: audit\n");
        var floating = SampleObjects.Pod();
        floating["spec"]!["containers"]![0]!["image"] = "gitlab/gitlab-runner:latest";
        var byHand = SampleObjects.Pod();
        byHand["spec"]!["containers"]![0]!["command"] = new JsonArray("sh", "-c", "gitlab-runner register; gitlab-runner run");
        var unknown = SampleObjects.Pod();
        unknown["metadata"]!["annotations"] = new JsonObject { ["gitlab-runner/tag-lst"] = "a" };

        var advised = await server.Review(Reviews.Create(floating));
        var left = await server.Review(Reviews.Create(byHand));
        var refused = await server.Review(Reviews.Create(unknown));

        Assert.All(advised["warnings"]!.AsArray(), warning => Assert.DoesNotContain(": injected ", (string)warning!));
        Assert.NotEmpty(advised["warnings"]!.AsArray());
        Assert.Contains("registers a runner by hand", (string)left["warnings"]![0]!);
        Assert.Contains("did you mean 'tag-list'?", (string)refused["status"]!["message"]!);
    }

    public void Dispose()
    {
        _log.Dispose();
        File.Delete(_file);
    }

    // Warnings are cut at 256 characters.
    private static IEnumerable<string> Shortened(JsonObject response, string sentence) =>
        (response["warnings"]?.AsArray() ?? []).Select(warning => ((string)warning!).TrimEnd('…'))
            .Select(warning => ("runner-webhook: " + sentence).StartsWith(warning, StringComparison.Ordinal)
                ? "runner-webhook: " + sentence : warning);

    private static JsonObject Patched(JsonObject obj, JsonObject response) =>
        Oracle.AppliedPatch.Of(obj.ToJsonString(), RunningServer.PatchOf(response)).AsObject();

    private Task<RunningServer> Start(string setting)
    {
        File.WriteAllText(_file, setting + File.ReadAllText(SampleObjects.ConfigFile));
        return RunningServer.Start(new() { ConfigFile = _file }, _log);
    }
}
