using System.Diagnostics;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Tests.Injection;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

/// <summary><c>uninject | inject</c>, by which manifests in a repository are brought up to date, after anything that others
/// change in them.</summary>
public sealed class UninjectInjectTests
{
    // What a changed piece needs of the others; a sidecar's mount needs its volume.
    private static readonly Dictionary<string, string[]> Needs = new()
    {
        ["init command"] = ["init-runner", "runner-config", "/etc/gitlab-runner", "CONFIG_FILE", "runner-certificates", "/etc/gitlab-runner-certificates"],
        ["volume"] = ["runner-config"],
        ["mount"] = ["runner-config", "/etc/gitlab-runner"],
        ["hook"] = ["lifecycle"],
        ["grace period"] = ["terminationGracePeriodSeconds"],
        ["sidecar on our volume"] = ["runner-config"],
    };

    public static IEnumerable<TheoryDataRow<string, string>> Cases() =>
        from change in PieceChanges.Habits.Keys.Concat(PieceChanges.Changes.Keys)
        from settings in PieceChanges.Settings
        select new TheoryDataRow<string, string>(change, settings);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Pipe_AfterAnyChange_GivesAValidPodAndEverythingUnchangedGoes(string change, string settings)
    {
        using var folder = new TemporaryConfig(settings);
        var injected = await Run(SampleObjects.DaemonSet().ToJsonString(), "inject", "-f", "-", "-c", folder.Path);
        var changed = JsonNode.Parse(injected)!.AsObject();
        PieceChanges.Named(change)(Spec(changed));

        var bare = await Run(changed.ToJsonString(), "uninject", "-f", "-");
        var again = await Run(bare, "inject", "-f", "-", "-c", folder.Path);

        ValidPod.Assert(Spec(JsonNode.Parse(bare)!));
        ValidPod.Assert(Spec(JsonNode.Parse(again)!));
        Assert.Contains("init-runner", again);
        Assert.DoesNotContain("gitlab-runner/status", bare);
        var left = Pieces(injected).Where(address => IsThere(address, bare)).Select(address => address.Name);
        var mayStay = change is "init variable" or "other Secrets" ? [.. Needs["init command"], "docker-tls"] : Needs.GetValueOrDefault(change) ?? [];
        Assert.Empty(left.Except(mayStay));
    }

    [Theory]
    [InlineData("inject", 60)]
    [InlineData("uninject", 500)]
    public async Task Output_ClosedByItsReader_IsNoFailure(string verb, int objects)
    {
        // Several times what a pipe holds.
        var many = string.Concat(Enumerable.Repeat(SampleObjects.DaemonSet().ToJsonString() + "\n---\n", objects));
        var input = Path.GetTempFileName();
        await File.WriteAllTextAsync(input, many, TestContext.Current.CancellationToken);
        var options = verb == "inject" ? $"-c '{SampleObjects.ConfigFile}'" : "";
        var program = Path.Combine(AppContext.BaseDirectory, "runner-webhook");

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh",
            ["-c", $"{{ '{program}' {verb} -f '{input}' {options}; echo \"code $?\" >&2; }} | head -c 1 >/dev/null"])
        {
            RedirectStandardError = true,
        })!;
        var errors = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.Delete(input);

        Assert.EndsWith("code 0\n", errors);
        Assert.DoesNotContain("ipe", errors);
    }

    private static async Task<string> Run(string input, params string[] arguments)
    {
        var run = await CommandRun.WithInput(input, arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output;
    }

    private static PieceAddress[] Pieces(string injected)
    {
        var text = (string)JsonNode.Parse(injected)!["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/status"]!;
        return [.. InjectionStatus.TryParse(text)!.Pieces.Keys];
    }

    private static bool IsThere(PieceAddress address, string manifest) => address.Find(
        JsonText.ToElement(JsonNode.Parse(manifest)!["spec"]!["template"])) is not null;

    private static JsonObject Spec(JsonNode obj) => obj["spec"]!["template"]!["spec"]!.AsObject();

    private sealed class TemporaryConfig : IDisposable
    {
        public TemporaryConfig(string settings) => File.WriteAllText(Path, File.ReadAllText(SampleObjects.ConfigFile) + settings);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
