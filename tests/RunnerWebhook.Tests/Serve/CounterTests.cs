using System.Net;
using RunnerWebhook.Core.Outcomes;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Counters exist from the start: an alert on <c>increase</c> sees the first refusal and the first 500.</summary>
public sealed class CounterTests
{
    private static readonly int[] Statuses = [400, 404, 405, 408, 413, 415, 431, 500, 503];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counters_OfAFreshServer_AreThereWithAllLabelsAtZero()
    {
        await using var server = await RunningServer.Start();
        var series = await Series(server);

        foreach (var outcome in Enum.GetValues<OutcomeCode>())
        {
            Assert.All(["Pod", "DaemonSet", "other"], kind => Assert.Equal("0",
                series[$"gitlab_runner_webhook_requests_total{{kind=\"{kind}\",outcome=\"{outcome.Text()}\"}}"]));
        }

        Assert.All(Statuses, status =>
            Assert.Equal("0", series[$"gitlab_runner_webhook_bad_requests_total{{code=\"{status}\"}}"]));
    }

    [Fact]
    public async Task Counters_OfRequests_CountEachInItsSeriesAlone()
    {
        await using var server = await RunningServer.Start(new() { ConfigFile = SampleObjects.ConfigFile });
        var before = await Series(server);

        await server.Review(Reviews.Create(SampleObjects.Pod()));
        await server.Review(Reviews.Create(SampleObjects.Pod()).Replace("\"Pod\"", "\"Queue\"", StringComparison.Ordinal));
        using (var content = RunningServer.Json("{"))
        {
            using var refused = await server.Client.PostAsync(new Uri("/mutate", UriKind.Relative), content, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        var changed = (await Series(server)).Where(one => one.Key.Contains("requests_total", StringComparison.Ordinal)
            && one.Value != before[one.Key]).ToDictionary();
        Assert.Equal(new Dictionary<string, string>
        {
            ["gitlab_runner_webhook_requests_total{kind=\"Pod\",outcome=\"injected\"}"] = "1",
            ["gitlab_runner_webhook_requests_total{kind=\"other\",outcome=\"left-alone-unsupported-kind\"}"] = "1",
            ["gitlab_runner_webhook_bad_requests_total{code=\"400\"}"] = "1",
        }, changed);
    }

    private static async Task<Dictionary<string, string>> Series(RunningServer server) => (await server.Admin("/metrics")).Text
        .Split('\n').Where(line => line.StartsWith("gitlab_runner_webhook_", StringComparison.Ordinal))
        .Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1]);
}
