using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Certificates;
using RunnerWebhook.Check;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tests.Serve;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Tests.Check;

/// <summary>Clusters as a survey reads them, without a cluster.</summary>
internal static class Snapshots
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly CertificateAuthority Authority = CertificateAuthority.Create(Now.AddDays(-200), TimeSpan.FromDays(1000));

    /// <summary>The configuration of the golden cases.</summary>
    public static CheckedConfiguration Configuration { get; } =
        CheckedConfiguration.Read("ConfigMap runner-webhook/runner-webhook", "config.yaml", File.ReadAllText(SampleObjects.ConfigFile));

    /// <summary>A cluster in which all is well: one injected DaemonSet, and its Secret.</summary>
    public static ClusterSnapshot Healthy { get; } = Build();

    public static string AuthorityPem => Authority.Pair.CertificatePem;

    public static string Serving(DateTimeOffset from, TimeSpan lifetime, string host = "runner-webhook.runner-webhook.svc") =>
        Authority.IssueServing([host], from, lifetime).CertificatePem;

    /// <summary>A CA that has nothing to do with the serving certificate.</summary>
    public static string OtherAuthority(DateTimeOffset from, TimeSpan lifetime)
    {
        using var other = CertificateAuthority.Create(from, lifetime);
        return other.Pair.CertificatePem;
    }

    /// <summary>The shipped registration, with a caBundle and a change.</summary>
    public static Reading<JsonElement> Registration(string caPem, Action<JsonArray>? change = null)
    {
        var file = Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "base", "mutatingwebhookconfiguration.yaml");
        var json = JsonNode.Parse(YamlFile.Parse(File.ReadAllText(file), out _)!.Documents[0].Json.GetRawText())!;
        var conditions = ShippedManifest.Documents("match-conditions.yaml")[0].List("webhooks").ToArray();
        foreach (var hook in json["webhooks"]!.AsArray())
        {
            hook!["matchConditions"] = JsonNode.Parse(conditions.Single(other => other.Text("name") == (string)hook["name"]!)
                .At("matchConditions")!.Value.GetRawText());
            hook!["clientConfig"]!["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(caPem));
        }

        change?.Invoke(json["webhooks"]!.AsArray());
        return Reading.Found(JsonElement.Parse(json.ToJsonString()));
    }

    public static Reading<JsonElement> Deployment(int ready, string image = "registry.example.com/runner-webhook:0.1.0") => Reading.Found(JsonElement.Parse($$$$"""
        {"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"runner-webhook","image":"{{{{image}}}}"}],"volumes":[]}}},
         "status":{"readyReplicas":{{{{ready}}}}}}
        """));

    /// <summary>The snapshot with other objects, judged anew.</summary>
    public static ClusterSnapshot With(this ClusterSnapshot snapshot, params JsonObject[] objects) => WorkloadJudge.Judge(snapshot with
    {
        Objects = [.. WorkloadKind.All.Select(kind => new LabelledObjects(kind, Reading.Found(
            objects.Where(json => (string)json["kind"]! == kind.Kind).Select(json => JsonElement.Parse(json.ToJsonString())).ToImmutableArray())))],
        Pods = [.. objects.Where(json => (string)json["kind"]! == "DaemonSet").Select(json => new OwnedPods(
            new((string?)json["metadata"]!["namespace"] ?? "", "DaemonSet", (string)json["metadata"]!["name"]!), JsonElement.Parse(json.ToJsonString()),
            Reading.Found<ImmutableArray<JsonElement>>([])))],
    });

    /// <summary>The snapshot with the namespace team-a as it is labelled.</summary>
    public static ClusterSnapshot WithNamespace(this ClusterSnapshot snapshot, params (string Name, string Value)[] labels) => snapshot with
    {
        Namespaces = Reading.Found(ImmutableDictionary<string, NamespaceMetadata>.Empty.Add("team-a", new(
            labels.ToImmutableDictionary(label => label.Name, label => label.Value), ImmutableDictionary<string, string>.Empty))),
    };

    /// <summary>The snapshot in which the Secret of team-a has these keys; null for no Secret.</summary>
    public static ClusterSnapshot WithToken(this ClusterSnapshot snapshot, Reading<TokenKeys> keys) => snapshot with
    {
        Tokens = ImmutableDictionary<(string Namespace, string Name), Reading<TokenKeys>>.Empty
            .Add(("team-a", "gitlab-runner-token"), keys),
    };

    /// <summary>An object as the webhook would have stored it.</summary>
    public static JsonObject Injected(JsonObject json, Injector? injector = null)
    {
        var kind = WorkloadKind.Find((string)json["apiVersion"]!, (string)json["kind"]!)!;
        var workload = WorkloadReader.Read(JsonElement.Parse(json.ToJsonString()), kind, "", out _)!;
        return JsonPatch.Apply(json.DeepClone(), (injector ?? Configuration.Injector!).Inject(workload).Patch)!.AsObject();
    }

    /// <summary>A pod that a controller made.</summary>
    public static JsonObject OwnedBy(this JsonObject pod, string kind, string name, string hash = "")
    {
        pod["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = kind, ["name"] = name, ["controller"] = true });
        if (hash.Length > 0)
        {
            pod["metadata"]!["labels"]!["pod-template-hash"] = hash;
        }

        return pod;
    }

    /// <summary>A node that is ready.</summary>
    public static JsonElement Node(string name, string runtime) => JsonElement.Parse($$$$"""
        {"metadata":{"name":"{{{{name}}}}"},"status":{"nodeInfo":{"containerRuntimeVersion":"{{{{runtime}}}}"},
         "conditions":[{"type":"Ready","status":"True","reason":"KubeletReady","message":"kubelet is posting ready status"}]}}
        """);

    private static ClusterSnapshot Build()
    {
        var empty = new ClusterSnapshot
        {
            Now = Now,
            Source = "context test",
            Scope = new("runner-webhook", null, "default"),
            Version = Reading.Found("v1.31.2"),
            Policies = Reading.Found<ImmutableArray<JsonElement>>([]),
            Bindings = Reading.Found<ImmutableArray<JsonElement>>([]),
            MutatingPolicies = Reading.Found<ImmutableArray<JsonElement>>([]),
            MutatingBindings = Reading.Found<ImmutableArray<JsonElement>>([]),
            Nodes = Reading.Found<ImmutableArray<JsonElement>>([Node("n1", "docker://24.0.7")]),
            Registration = Registration(AuthorityPem),
            Deployment = Deployment(2),
            Endpoints = Reading.Found<ImmutableArray<JsonElement>>([JsonElement.Parse("""{"endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true}}]}""")]),
            Certificate = Reading.Found(Serving(Now.AddDays(-10), TimeSpan.FromDays(90))),
            Configuration = Configuration,
            Probe = Reading.Found(new ApiStatus(400, "BadRequest", "denied", ["denied-no-containers"])),
        };
        return empty.WithNamespace().WithToken(Reading.Found(new TokenKeys(["token"], null))).With(Injected(SampleObjects.DaemonSet()));
    }
}
