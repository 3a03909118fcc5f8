using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Kubernetes;
using Xunit;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>Creates labelled pods at a steady rate until <see cref="Stop"/>. No scheduler places them. If the API server is down,
/// creates wait until it is ready, and the loop catches up afterwards. Every answer counts.</summary>
internal sealed class CreateLoop : IDisposable
{
    /// <summary>The most in-flight creates: the default <c>--kube-api-burst</c> of kube-controller-manager. Real clients do not
    /// send their whole backlog at once when the API server returns.</summary>
    private const int Burst = 30;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(40);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<(TimeSpan At, string Text)> _failures = [];
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly SemaphoreSlim _room = new(Burst);
    private readonly ApiClient _client;
    private readonly string _space;
    private readonly WriteOptions _options;
    private readonly Task _loop;
    private int _injected;
    private int _bare;
    private int _waited;

    /// <param name="cluster">The API server.</param>
    /// <param name="space">The namespace.</param>
    /// <param name="isDryRun">Whether nothing is to be stored: webhooks are called all the same.</param>
    public CreateLoop(Cluster cluster, string space, bool isDryRun = false)
    {
        _client = ClusterConnection.Open(new(cluster.Kubeconfig, null, space), Environment.GetEnvironmentVariable);
        (_space, _options) = (space, new() { DryRun = isDryRun });
        _loop = Run();
    }

    /// <summary>Pods that were created and have the init container.</summary>
    public int Injected => _injected;

    /// <summary>What the API server refused, and when.</summary>
    public (TimeSpan At, string Text)[] Failures => [.. _failures.OrderBy(failure => failure.At)];

    /// <summary>Fails if the API server rejected a create, with the text of each rejection, or created a pod without
    /// injection.</summary>
    /// <param name="expected">Rejections that are allowed.</param>
    public void EnsureAllInjected(params IEnumerable<(TimeSpan At, string Text)> expected)
    {
        var failures = Failures.Except(expected).ToArray();
        Assert.True(failures.Length == 0, string.Join('\n', failures));
        Assert.Equal(0, _bare);
    }

    /// <summary>How long it has been running.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>The figures in a line.</summary>
    public override string ToString()
    {
        var sorted = _milliseconds.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{_injected} creates in {Elapsed.TotalSeconds:F0} s ({_injected / Elapsed.TotalSeconds:F1} a second): "
            + $"{_failures.Count} failed, {_bare} not injected, {_waited} waited for the API server; "
            + $"median {sorted[sorted.Length / 2]:F1} ms, 99th percentile {sorted[sorted.Length * 99 / 100]:F1} ms");
    }

    /// <summary>Ends it, once everything is answered.</summary>
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _loop;
        _clock.Stop();
    }

    public void Dispose()
    {
        _client.Dispose();
        _room.Dispose();
        _stop.Dispose();
    }

    private async Task Run()
    {
        var calls = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            var number = calls.Count + 1;
            if (Period * number - _clock.Elapsed is { Ticks: > 0 } early)
            {
                await Task.Delay(early);
            }

            await _room.WaitAsync();
            calls.Add(Task.Run(async () =>
            {
                try
                {
                    await Create(number);
                }
                finally
                {
                    _room.Release();
                }
            }));
        }

        await Task.WhenAll(calls);
    }

    private async Task Create(int number)
    {
        // Names that the API server makes up are the same now and then, which it says by a 500.
        var pod = Pod(string.Create(CultureInfo.InvariantCulture, $"runner-{number}"));
        for (var isFirst = true; ; isFirst = false)
        {
            var call = Stopwatch.StartNew();
            try
            {
                var created = (await _client.Create(ApiResource.Pods, _space, pod, _options)).Body;
                _milliseconds.Add(call.Elapsed.TotalMilliseconds);
                _ = created.GetProperty("spec").TryGetProperty("initContainers", out _) ? Interlocked.Increment(ref _injected) : Interlocked.Increment(ref _bare);
                return;
            }
            catch (ApiException e) when (e.Problem == ApiProblem.Unreachable || IsEnding(e))
            {
                _ = isFirst ? Interlocked.Increment(ref _waited) : _waited;
                do
                {
                    await Task.Delay(200);
                }
                while (!await IsReady());
            }
            catch (ApiException e)
            {
                _failures.Add((_clock.Elapsed, e.Message));
                return;
            }
        }
    }

    // A load balancer in front of API servers sends no request to one that is not ready.
    private async Task<bool> IsReady()
    {
        try
        {
            return await _client.Text("readyz") == "ok";
        }
        catch (ApiException)
        {
            return false;
        }
    }

    // During shutdown the API server closes its listener before it has answered the in-flight requests, so its own admission
    // plugins cannot connect: "pods "runner-1" is forbidden: Get "https://10.0.0.1:443/…/limitranges": dial tcp …".
    private static bool IsEnding(ApiException problem) => problem.Message.Contains("connect: connection refused", StringComparison.Ordinal)
        && !problem.Message.Contains("failed calling webhook", StringComparison.Ordinal);

    private static JsonObject Pod(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["gitlab-runner"] = "inject" } },
        ["spec"] = new JsonObject
        {
            ["schedulerName"] = "none",
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "gitlab-runner", ["image"] = "gitlab/gitlab-runner:v17.0.0" }),
        },
    };
}
