using RunnerWebhook.ClusterTests.Judges;
using RunnerWebhook.ClusterTests.Manifests;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>Exported admission policies on updates of DaemonSets, run by the API server's own library: what the webhook makes
/// of an update, the policies make of it, field for field.</summary>
public sealed class ExportedUpdateTests(PolicyRunner runner) : IClassFixture<PolicyRunner>
{
    [Theory]
    [InlineData("as today")]
    [InlineData("another description")]
    [InlineData("another engine")]
    [InlineData("no unregistering")]
    public async Task Policies_Updates_GiveWhatTheWebhookGives(string earlier)
    {
        runner.Require();
        var written = ExportedUpdate.All(earlier).ToArray();
        var read = await runner.Run([.. written.Select(update => update.Unread)]);
        var updates = written.Zip(read, (update, objects) =>
            update with { New = objects[0].Input!, Old = objects[1].Input! }).ToArray();
        var answers = await runner.Run([.. updates.Select(update => update.Question)]);
        var webhooks = await runner.Run([.. updates.Select(update => update.Expected)]);

        var problems = updates.Select((update, index) => update.Difference(answers[index][0], webhooks[index]))
            .Where(problem => problem.Length > 0).ToArray();
        Figures.Add("admission policies, stored {0}: {1} updates as the webhook", earlier, updates.Length - problems.Length);
        Assert.True(problems.Length == 0, $"{problems.Length} of {updates.Length}: {string.Join("\n", problems.Take(3))}");
    }
}
