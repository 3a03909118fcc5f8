using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.FakeGitLab;
using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>A node on which runners run: with the image of gitlab-runner, a GitLab on the pods' network, and the webhook.</summary>
public sealed class RunnerNode(NodeCluster node) : IAsyncLifetime
{
    // An engine takes a registry without TLS there alone.
    private readonly string _registry = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Cluster.FreePort()}");
    private GitLabServer? _gitLab;
    private Webhook? _webhook;

    public NodeCluster Node { get; } = node;

    public Kubectl Kubectl => Node.Kubectl;

    /// <summary>The GitLab of all runners; a test's own have its namespace as their description.</summary>
    public GitLabServer GitLab => _gitLab!;

    /// <summary>The webhook.</summary>
    public Webhook Webhook => _webhook!;

    public async ValueTask InitializeAsync()
    {
        if (!Node.IsThere)
        {
            return;
        }

        await NodeImages.ImportRunner(Node.Docker);
        _gitLab = await GitLabServer.Start(new() { Address = IPAddress.Parse(Node.Address), Registry = _registry });
        GitLab.State.RegistrationToken = "GR1348941" + RandomNumberGenerator.GetHexString(20);
        _webhook = new(Node.Cluster);
        await _webhook.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_webhook is not null)
        {
            await _webhook.DisposeAsync();
        }

        if (_gitLab is not null)
        {
            await _gitLab.DisposeAsync();
        }
    }

    /// <summary>Makes a namespace with the Secret of a token, and takes a configuration into force.</summary>
    /// <param name="token">The token.</param>
    /// <param name="settings">More keys of the profile, as YAML indented by four.</param>
    /// <returns>The namespace.</returns>
    public async Task<string> Prepare(string token, string settings = "")
    {
        var space = await Node.Cluster.CreateNamespace("runner");
        (await Kubectl.RunWithInput(token, "create", "secret", "generic", "gitlab-runner-token", "-n", space,
            "--from-file=token=/dev/stdin")).Ensure();
        await Webhook.Replace($"""
            apiVersion: runner-webhook/v1
            kind: Configuration
            profiles:
              default:
                register:
                  url: {GitLab.Url}
                  description: {space}
                  executor: docker
                  docker-image: {NodeImages.Busybox}
                  docker-volumes: [/var/run/docker.sock:/var/run/docker.sock]
            {settings}
            """);
        return space;
    }

    /// <summary>Starts the container registry of that GitLab.</summary>
    internal Task<ImageRegistry> StartRegistry() => ImageRegistry.Start(Path.Combine(Node.Folder, "registry"), _registry, GitLab);

    /// <summary>The name of an image in the registry's repository of a project.</summary>
    public string InRegistry(string name) => $"{_registry}/{name}";

    /// <summary>Applies manifests in a namespace.</summary>
    public async Task Apply(string space, string manifests) =>
        (await Kubectl.RunWithInput(manifests, "apply", "-n", space, "-f", "-")).Ensure();

    /// <summary>Runs a command in the runner container of a pod.</summary>
    internal async Task<CommandResult> Exec(string space, string pod, params string[] command) =>
        (await Kubectl.Run(["exec", pod, "-n", space, "-c", "gitlab-runner", "--", .. command])).Ensure();

    /// <summary>The runners that a namespace's pods have made.</summary>
    public Runner[] RunnersOf(string space) =>
        [.. GitLab.State.Runners.Where(runner => runner.Attributes.Description == space)];

    /// <summary>How often a runner has asked for jobs.</summary>
    public int PollsOf(Runner runner) => GitLab.State.Requests.Count(request => request is { Path: "/api/v4/jobs/request", Status: 204 }
        && request.Body.Contains(runner.Token, StringComparison.Ordinal));

    /// <summary>Waits until the only pod of a namespace is ready, and its runner asks for jobs.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="after">A pod that is to be gone by then.</param>
    /// <returns>The pod.</returns>
    public async Task<JsonNode> RunningPod(string space, string after = "")
    {
        JsonNode? pod = null;
        await Node.Until(space, "a runner that runs", async () =>
        {
            var pods = await Kubectl.List(space, "pod");
            pod = pods.Count == 1 ? pods[0] : null;
            return pod is not null && (string?)pod["metadata"]!["name"] != after
                && pod["status"]!["containerStatuses"]?.AsArray().All(status => (bool)status!["ready"]!) is true;
        }, 120);
        return pod!;
    }

    /// <summary>Waits until the only runner of a namespace asks for jobs anew.</summary>
    public async Task<Runner> PollingRunner(string space)
    {
        Runner? runner = null;
        var before = -1;
        await Node.Until(space, "a runner that asks for jobs", () =>
        {
            runner = RunnersOf(space) is [var only] ? only : null;
            var polls = runner is null ? -1 : PollsOf(runner);
            (var isNew, before) = (before >= 0 && polls > before, polls);
            return Task.FromResult(isNew);
        });
        return runner!;
    }
}
