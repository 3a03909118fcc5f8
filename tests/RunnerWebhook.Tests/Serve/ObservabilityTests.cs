using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>The alerts and the dashboard, against a scrape of the running server.</summary>
public sealed partial class ObservabilityTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "observability");

    private const string Webhooks = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/runner-webhook";
    private const string Secret = "/api/v1/namespaces/default/secrets/runner-webhook-tls";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_NamedByAlertsAndDashboard_AreInARealScrape()
    {
        await using var api = await NamespaceApi.Start();
        api.Keep(Webhooks, """
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"MutatingWebhookConfiguration","metadata":{"name":"runner-webhook"},
             "webhooks":[{"name":"pods.runner-webhook.local","clientConfig":{"service":{"namespace":"default","name":"runner-webhook"}}}]}
            """);
        api.Keep(Secret, """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"runner-webhook-tls","namespace":"default"}}""");
        var config = Path.GetTempFileName();
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(SampleObjects.ConfigFile, Cancellation))
            .Replace("\nprofiles:", "\nwatchNamespaces: true\nprofiles:", StringComparison.Ordinal), Cancellation);
        await using var server = await RunningServer.Start(new()
        {
            ConfigFile = config,
            Cluster = new() { Kubeconfig = api.Kubeconfig },
            Certificates = new()
            {
                SelfManaged = new(),
                WebhookConfiguration = "runner-webhook",
                UpkeepInterval = TimeSpan.FromMilliseconds(100),
            },
        });
        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);
        await server.Review(Reviews.Create(SampleObjects.Pod()));
        using (var content = RunningServer.Json("{"))
        {
            using var refused = await server.Client.PostAsync(new Uri("/mutate", UriKind.Relative), content, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        Assert.Contains("service_name=\"runner-webhook\"", (await server.Admin("/metrics")).Text, StringComparison.Ordinal);
        var scrape = (await server.Admin("/metrics")).Text.Split('\n').Select(line => Metric().Match(line).Value).ToHashSet();
        File.Delete(config);

        var named = AlertExpressions().Concat(DashboardExpressions()).SelectMany(text => Metric().Matches(text)).Select(match => match.Value).Distinct().ToArray();
        Assert.True(named.Length >= 12, string.Join(' ', named));
        Assert.All(named, name => Assert.Contains(name, scrape));
    }

    [Fact]
    public void Alerts_Each_SayWhatIsWrongAndWhatToDo()
    {
        foreach (var alert in Alerts())
        {
            var annotations = alert.GetProperty("annotations");
            Assert.NotEmpty(annotations.GetProperty("summary").GetString()!);
            Assert.True(annotations.GetProperty("runbook").GetString()!.Length > 80);
            Assert.Contains(alert.GetProperty("labels").GetProperty("severity").GetString(), (string[])["critical", "warning"]);
            Assert.Contains($"`{alert.GetProperty("alert").GetString()}`", File.ReadAllText(Path.Combine(Folder, "..", "README.md")));
        }
    }

    private static System.Text.Json.JsonElement.ArrayEnumerator Alerts() =>
        YamlFile.Parse(File.ReadAllText(Path.Combine(Folder, "alerts.yaml")), out _)!.Documents[0].Json.GetProperty("groups")[0]
            .GetProperty("rules").EnumerateArray();

    private static IEnumerable<string> AlertExpressions() => Alerts().Select(alert => alert.GetProperty("expr").GetString()!);

    private static IEnumerable<string> DashboardExpressions() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "dashboard.json")))!["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => (string)target!["expr"]!);

    [GeneratedRegex("gitlab_runner_webhook_[a-z_]+")]
    private static partial Regex Metric();
}
