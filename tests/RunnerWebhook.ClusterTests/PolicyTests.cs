using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>Policy and annotations as a user with kubectl meets them.</summary>
[Collection(WebhookCollection.Name)]
public sealed class PolicyTests(Webhook webhook) : IAsyncLifetime
{
    private const string Rules = """
        policy:
          - namespaces: [strict-*]
            allow: {annotations: [description], engines: [hostSocket], dockerImages: ["docker:*"]}
          - namespaces: ["*"]
        """;

    private Cluster Control => webhook.Cluster;

    public async ValueTask InitializeAsync()
    {
        if (Control.Kubectl is not null)
        {
            await webhook.Configure(Rules);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Control.Kubectl is not null)
        {
            await webhook.Configure("");
        }
    }

    [Fact]
    public async Task Apply_ForbiddenAnnotation_PrintsFieldValueAllowedAndRule()
    {
        var space = await NewNamespace();

        var apply = await Apply(space, "gitlab-runner/docker-image: busybox");

        Assert.NotEqual(0, apply.ExitCode);
        Assert.Contains("denied the request: Pod " + space + "/runner: annotation gitlab-runner/docker-image is set, "
            + "but policy[0] (line 13) allows description", apply.Error);
        Assert.Contains("docker-image is 'busybox', but policy[0] (line 13) allows docker:*", apply.Error);
    }

    [Fact]
    public async Task Apply_AllowedAnnotation_IsTaken()
    {
        var space = await NewNamespace();

        var apply = (await Apply(space, "gitlab-runner/description: \"Nightly, of team A\"")).Ensure();

        Assert.Contains("Warning: runner-webhook: Pod " + space + "/runner: injected", apply.Error);
        var pod = await Control.Kubectl.Get(space, "pod", "runner");
        Assert.Contains("--description=Nightly, of team A", pod["spec"]!["initContainers"]![0]!["args"]!.ToJsonString());
    }

    [Fact]
    public async Task Configuration_Edited_TakesEffectWithoutALostRequest()
    {
        var space = await NewNamespace();
        using var stop = new CancellationTokenSource();
        var creates = Enumerable.Range(0, 2).Select(worker => Task.Run(async () =>
        {
            var failures = new List<string>();
            while (!stop.IsCancellationRequested)
            {
                var create = await DryRun(space, "gitlab-runner/description: x");
                failures.AddRange(create.ExitCode == 0 ? [] : [create.Error]);
            }

            return failures;
        })).ToArray();
        Assert.NotEqual(0, (await DryRun(space, "gitlab-runner/limit: \"3\"")).ExitCode);

        await webhook.Configure(Rules.Replace("[description]", "[description, limit]", StringComparison.Ordinal));

        Assert.Equal(0, (await DryRun(space, "gitlab-runner/limit: \"3\"")).ExitCode);
        await stop.CancelAsync();
        Assert.Empty((await Task.WhenAll(creates)).SelectMany(failures => failures));
    }

    private async Task<string> NewNamespace()
    {
        Control.Require();
        return await Control.CreateNamespace("strict");
    }

    private Task<CommandResult> Apply(string space, string annotation) =>
        Control.Kubectl.RunWithInput(Pod(annotation), "apply", "-n", space, "-f", "-");

    private Task<CommandResult> DryRun(string space, string annotation) =>
        Control.Kubectl.RunWithInput(Pod(annotation), "create", "-n", space, "--dry-run=server", "-f", "-");

    private static string Pod(string annotation) => $$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: runner
          labels: {gitlab-runner: inject}
          annotations:
            {{annotation}}
        spec:
          containers:
            - {name: gitlab-runner, image: gitlab/gitlab-runner:v17.5.0}
        """;
}
