using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>The guide to symptoms names messages that tests reproduce.</summary>
public sealed class TroubleshootingTests
{
    [Fact]
    public void Table_OfFailedRegistrations_HasTheMessagesOfBrokenClusters()
    {
        var broken = File.ReadAllText(Path.Combine(RepositoryFiles.Tests, "RunnerWebhook.Tests", "Check", "BrokenCluster.cs"));
        var guide = new Document("src/docs/guides/troubleshooting.md").Text;
        var messages = guide[guide.IndexOf("## The registration fails", StringComparison.Ordinal)..guide.IndexOf("## The job", StringComparison.Ordinal)].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal) && !line.StartsWith("| `check`", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]).ToArray();

        Assert.True(messages.Length >= 5);
        Assert.All(messages, message => Assert.Contains($"\"{message}", broken));
    }
}
