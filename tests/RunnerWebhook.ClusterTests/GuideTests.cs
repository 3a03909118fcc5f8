using System.Text.RegularExpressions;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>Guides followed word by word against a real API server, as far as they need no node and no GitLab.</summary>
[Collection(WebhookCollection.Name)]
public sealed partial class GuideTests(Webhook webhook)
{
    [Fact]
    public async Task FirstJob_CommandsAndManifest_GiveAnInjectedDaemonSet()
    {
        webhook.Cluster.Require();
        using var shell = new CommandProcess(webhook.Cluster);
        var space = $"ci-{Guid.NewGuid():N}"[..12];
        var blocks = Blocks("first-job.md").Select(block => (block.Info, Text: Namespace().Replace(block.Text, space))).ToArray();

        (await shell.Run(blocks.First(block => block.Text.Contains("--from-literal=token=", StringComparison.Ordinal)).Text)).Ensure();
        shell.Write("runner.yaml", blocks.Single(block => block.Info == "yaml" && block.Text.Contains("DaemonSet", StringComparison.Ordinal)).Text);
        var commands = blocks.Single(block => block.Text.StartsWith("kubectl apply -f runner.yaml", StringComparison.Ordinal)).Text;
        var apply = (await shell.Run("cd ~\n" + commands.Split('\n')[0])).Ensure();

        Assert.Contains($"Warning: runner-webhook: DaemonSet {space}/gitlab-runner: injected init container init-runner", apply.Error);
        var stored = await webhook.Cluster.Kubectl.Get(space, "daemonset", "gitlab-runner");
        Assert.Equal("init-runner", (string)stored["spec"]!["template"]!["spec"]!["initContainers"]![0]!["name"]!);
        (await webhook.Cluster.Kubectl.Run("delete", "namespace", space, "--wait=false")).Ensure();
    }

    /// <summary>What the guide shows as a message of <c>inject</c>, the API server gives to kubectl.</summary>
    [Fact]
    public async Task Troubleshooting_RejectedManifests_AreRejectedWithTheSameSentence()
    {
        webhook.Cluster.Require();
        var blocks = Blocks("troubleshooting.md");
        var count = 0;
        foreach (var (index, block) in blocks.Index().Where(pair => pair.Item.Info == "yaml refused"))
        {
            if (Denied().Match(blocks[index + 1].Text) is not { Success: true } denied)
            {
                continue;
            }

            var apply = await webhook.Cluster.Kubectl.RunWithInput(block.Text, "apply", "-n", "default", "-f", "-");

            Assert.NotEqual(0, apply.ExitCode);
            Assert.Contains("denied the request: ", apply.Error, StringComparison.Ordinal);
            Assert.Contains(denied.Groups[1].Value, apply.Error, StringComparison.Ordinal);
            count++;
        }

        Assert.True(count >= 3, "the guide shows no more messages of rejections");
    }

    private static (string Info, string Text)[] Blocks(string guide) =>
        [.. Fence().Matches(File.ReadAllText(Path.Combine(Webhook.Repository, "src", "docs", "guides", guide)))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    [GeneratedRegex(@"^```(\S.*)\n((?:.*\n)*?)```$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\bci\b")]
    private static partial Regex Namespace();

    // What follows the object's name, which has a namespace in a cluster.
    [GeneratedRegex(@"denied-[\w-]+: Pod runner: (.*)")]
    private static partial Regex Denied();
}
