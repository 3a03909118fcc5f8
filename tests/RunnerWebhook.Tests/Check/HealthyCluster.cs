using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Serve;

namespace RunnerWebhook.Tests.Check;

/// <summary>A cluster in which the webhook is installed and one DaemonSet runs, and the ways in which its parts
/// change.</summary>
internal static class HealthyCluster
{
    public const string DaemonSet = "apis/apps/v1/namespaces/team-a/daemonsets/runner";
    public const string Pod = "api/v1/namespaces/team-a/pods/runner-abcde";
    public const string Secret = "api/v1/namespaces/team-a/secrets/gitlab-runner-token";
    public const string ConfigMap = "api/v1/namespaces/runner-webhook/configmaps/runner-webhook";
    public const string Deployment = "apis/apps/v1/namespaces/runner-webhook/deployments/runner-webhook";
    public const string Webhooks = "apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/runner-webhook";
    public const string Policies = "apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
    public const string Bindings = "apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
    public const string Slice = "apis/discovery.k8s.io/v1/namespaces/runner-webhook/endpointslices/runner-webhook-x";

    public static async Task<FakeCluster> Start()
    {
        var cluster = await FakeCluster.Start();
        Fill(cluster);
        return cluster;
    }

    /// <summary>Brings everything into the state in which all is well; nodes stay as they are.</summary>
    public static void Fill(FakeCluster cluster)
    {
        foreach (var name in (string[])["n1", "n2", "n3", "n4", "n5"])
        {
            cluster.Put($"api/v1/nodes/{name}", Snapshots.Node(name, "docker://24.0.7").GetRawText());
        }

        cluster.Put("api/v1/namespaces/team-a", """{"metadata":{"labels":{"kubernetes.io/metadata.name":"team-a"}}}""");
        cluster.Put("api/v1/namespaces/runner-webhook", "{}");
        cluster.Put(Webhooks, Snapshots.Registration(Snapshots.AuthorityPem).Or(default).GetRawText());
        cluster.Put(Deployment, Snapshots.Deployment(2).Or(default).GetRawText());
        cluster.Put(Slice, """
            {"metadata":{"labels":{"kubernetes.io/service-name":"runner-webhook"}},
             "endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true}}]}
            """);
        cluster.Put(ConfigMap, new JsonObject { ["data"] = new JsonObject { ["config.yaml"] = File.ReadAllText(SampleObjects.ConfigFile) } });
        var certificate = Snapshots.Serving(DateTimeOffset.UtcNow.AddDays(-10), TimeSpan.FromDays(90));
        cluster.Put("api/v1/namespaces/runner-webhook/secrets/runner-webhook-tls", new JsonObject
        {
            ["data"] = new JsonObject { ["tls.crt"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate)) },
        });
        Replica(cluster, "runner-webhook-1");
        Replica(cluster, "runner-webhook-2");
        cluster.Probe = JsonNode.Parse("""
            {"kind":"Status","code":400,"reason":"BadRequest","message":"denied","details":{"causes":[{"reason":"denied-no-containers"}]}}
            """)!.AsObject();
        cluster.Put(Secret, """{"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"},"data":{"token":"Z2xydC1zM2NyM3Q="}}""");
        Workload(cluster);
    }

    /// <summary>The DaemonSet as the webhook stores it, and its pod, which runs.</summary>
    public static void Workload(FakeCluster cluster, Action<JsonObject>? change = null)
    {
        var daemonSet = SampleObjects.DaemonSet();
        change?.Invoke(daemonSet);
        daemonSet = Snapshots.Injected(daemonSet, Snapshots.Configuration.For(new(1, 34)).Injector);
        daemonSet["metadata"]!["uid"] = "u-1";
        cluster.Put(DaemonSet, daemonSet);
        var pod = daemonSet["spec"]!["template"]!.DeepClone().AsObject();
        pod["metadata"]!["ownerReferences"] =
            new JsonArray(new JsonObject { ["kind"] = "DaemonSet", ["name"] = "runner", ["controller"] = true });
        pod["metadata"]!["creationTimestamp"] = Ago(600);
        pod["spec"]!["nodeName"] = "n1";
        cluster.Put(Pod, pod);
        Heal(cluster);
    }

    /// <summary>The cluster as it is after kubelet and the controllers have acted on a cure.</summary>
    public static void Heal(FakeCluster cluster)
    {
        cluster.Clear("api/v1/namespaces/team-a/events");
        cluster.Clear("api/v1/namespaces/runner-webhook/events");
        DaemonSetStatus(cluster, wanted: 1, ready: 1);
        cluster.Get(Pod)["status"] = JsonNode.Parse($$$$"""
            {"phase":"Running","conditions":[{"type":"PodScheduled","status":"True"},{"type":"Ready","status":"True"}],
             "initContainerStatuses":[{"name":"init-runner","ready":true,"restartCount":0,
              "state":{"terminated":{"exitCode":0,"reason":"Completed","finishedAt":"{{{{Ago(500)}}}}"}}}],
             "containerStatuses":[{"name":"gitlab-runner","ready":true,"started":true,"restartCount":0,
              "state":{"running":{"startedAt":"{{{{Ago(490)}}}}"}}}]}
            """);
    }

    public static void DaemonSetStatus(FakeCluster cluster, int wanted, int ready) => cluster.Get(DaemonSet)["status"] = new JsonObject
    {
        ["observedGeneration"] = 1,
        ["desiredNumberScheduled"] = wanted,
        ["currentNumberScheduled"] = wanted,
        ["updatedNumberScheduled"] = wanted,
        ["numberReady"] = ready,
    };

    /// <summary>A replica of the webhook, ready, with the configuration in force.</summary>
    public static void Replica(FakeCluster cluster, string name, string status = """
        {"phase":"Running","conditions":[{"type":"Ready","status":"True"}],
         "containerStatuses":[{"name":"runner-webhook","ready":true,"restartCount":0,"state":{"running":{}}}]}
        """)
    {
        cluster.Put($"api/v1/namespaces/runner-webhook/pods/{name}", $$$$"""
            {"metadata":{"labels":{"app.kubernetes.io/name":"runner-webhook"},"creationTimestamp":"{{{{Ago(600)}}}}"},
             "spec":{"nodeName":"n2","containers":[{"name":"runner-webhook","image":"registry.example.com/runner-webhook:0.1.0"}]},
             "status":{{{{status}}}}}
            """);
        cluster.Texts[name] = $"[+]draining: serving\n[+]configuration: revision {Snapshots.Configuration.Injector!.Revision}\nok\n";
    }

    /// <summary>A pod whose init container is in this state, and whose other containers wait.</summary>
    public static void Init(FakeCluster cluster, string state, string last = "{}", string log = "")
    {
        DaemonSetStatus(cluster, wanted: 1, ready: 0);
        cluster.Get(Pod)["status"] = JsonNode.Parse($$$$"""
            {"phase":"Pending","conditions":[{"type":"PodScheduled","status":"True"},{"type":"Ready","status":"False","reason":"ContainersNotReady"}],
             "initContainerStatuses":[{"name":"init-runner","image":"gitlab/gitlab-runner:v17.5.0","ready":false,"restartCount":4,"state":{{{{state}}}},"lastState":{{{{last}}}}}],
             "containerStatuses":[{"name":"gitlab-runner","ready":false,"restartCount":0,"state":{"waiting":{"reason":"PodInitializing"}}}]}
            """);
        cluster.Texts["runner-abcde/init-runner"] = log;
    }

    /// <summary>The init container ends with exit code 1 again and again.</summary>
    public static void Crash(FakeCluster cluster, string log) => Init(cluster,
        """{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 1m20s restarting failed container=init-runner"}}""",
        """{"terminated":{"exitCode":1,"reason":"Error"}}""", log);

    /// <summary>A warning event.</summary>
    public static void Event(FakeCluster cluster, string reason, string message, string name = "runner-abcde", string space = "team-a",
        string uid = "") => cluster.Put($"api/v1/namespaces/{space}/events/{Guid.NewGuid():N}", new JsonObject
        {
            ["type"] = "Warning",
            ["reason"] = reason,
            ["message"] = message,
            ["lastTimestamp"] = Ago(5),
            ["involvedObject"] = new JsonObject { ["name"] = name, ["uid"] = uid },
        });

    public static string Ago(int seconds) =>
        DateTimeOffset.UtcNow.AddSeconds(-seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
