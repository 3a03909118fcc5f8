using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Certificates;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Serve;

namespace RunnerWebhook.ClusterTests.Certificates;

/// <summary>A namespace with what an installation brings, under names of its own: an empty Secret, a
/// MutatingWebhookConfiguration, and a service account with the installation's rights and no others.</summary>
internal sealed class SelfManagedCluster : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-self").FullName;

    private SelfManagedCluster(Cluster cluster, string space)
    {
        (_cluster, Space) = (cluster, space);
        Admin = ClusterConnection.Open(new(cluster.Kubeconfig, null, space), Environment.GetEnvironmentVariable);
    }

    /// <summary>The namespace, and the name of the MutatingWebhookConfiguration.</summary>
    public string Space { get; }

    /// <summary>An administrator's client.</summary>
    public ApiClient Admin { get; }

    /// <summary>The kubeconfig of the service account.</summary>
    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    /// <summary>Installs everything.</summary>
    /// <param name="cluster">The control plane.</param>
    /// <param name="urls">One webhook each; none for a webhook behind the Service runner-webhook.</param>
    public static Task<SelfManagedCluster> Create(Cluster cluster, params Uri[] urls) =>
        CreateWithRights(cluster, "overlays/self-managed", urls);

    /// <summary>Installs everything, with the rights of a folder of the manifests.</summary>
    /// <inheritdoc cref="Create(Cluster, Uri[])"/>
    public static async Task<SelfManagedCluster> CreateWithRights(Cluster cluster, string folder, params Uri[] urls)
    {
        var made = new SelfManagedCluster(cluster, await cluster.CreateNamespace("self"));
        // Another test's webhook may be registered on the same API server, while that test takes its certificate away.
        (await cluster.Kubectl.Run("label", "namespace", made.Space, $"self={made.Space}", "runner-webhook/injection=disabled")).Ensure();
        (await cluster.Kubectl.Run("create", "serviceaccount", "runner-webhook", "-n", made.Space)).Ensure();
        var rights = await File.ReadAllTextAsync(
            Path.Combine(Webhook.Repository, "charts-free-manifests", folder, "rbac.yaml"));
        (await cluster.Kubectl.RunWithInput(rights
            .Replace("namespace: runner-webhook", $"namespace: {made.Space}", StringComparison.Ordinal)
            .Replace("[runner-webhook]", $"[{made.Space}]", StringComparison.Ordinal)
            .Replace("runner-webhook-certificates", $"certificates-{made.Space}", StringComparison.Ordinal), "create", "-f", "-")).Ensure();
        await File.WriteAllTextAsync(made.Kubeconfig, cluster.KubeconfigOf(await cluster.Kubectl.Token(made.Space, "runner-webhook")));
        await made.Reset();
        await made.Register(urls.Length > 0
            ? urls.Select(url => new JsonObject { ["url"] = url.ToString() })
            : [new JsonObject { ["service"] = new JsonObject { ["name"] = "runner-webhook", ["namespace"] = made.Space, ["path"] = "/mutate" } }]);
        return made;
    }

    /// <summary>How a replica runs here.</summary>
    public ServeOptions Options(CertificateTerms? terms = null) => new()
    {
        Certificates = new()
        {
            SelfManaged = new() { ExtraHosts = ["127.0.0.1"], Terms = terms ?? new() },
            WebhookConfiguration = Space,
            UpkeepInterval = TimeSpan.FromMilliseconds(500),
        },
        Cluster = new(Kubeconfig, null, Space),
    };

    /// <summary>Empties the Secret, making it where it isn't there.</summary>
    public Task Reset() => Write([]);

    /// <summary>Takes the caBundle away from every webhook.</summary>
    public async Task ClearCaBundles() => await Patch(
        [.. (await Live()).Webhooks.Select((webhook, index) => new JsonObject
        {
            ["op"] = webhook.Trusted.Certificates.Count > 0 ? "remove" : "test",
            ["path"] = $"/webhooks/{index}/" + (webhook.Trusted.Certificates.Count > 0 ? "clientConfig/caBundle" : "name"),
            ["value"] = webhook.Name,
        })]);

    /// <summary>Overwrites the Secret.</summary>
    public async Task Write(Dictionary<string, string> data)
    {
        var encoded = data.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))));
        var secret = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "runner-webhook-tls" },
            ["data"] = new JsonObject(encoded),
        };
        if (await Admin.Find(ApiResource.Secrets, Space, "runner-webhook-tls") is null)
        {
            await Admin.Create(ApiResource.Secrets, Space, secret);
        }
        else
        {
            await Admin.Replace(ApiResource.Secrets, Space, "runner-webhook-tls", secret);
        }
    }

    /// <summary>The Secret's data.</summary>
    public async Task<Dictionary<string, string>> Read()
    {
        var secret = (await Admin.Find(ApiResource.Secrets, Space, "runner-webhook-tls"))!.Value;
        return !secret.TryGetProperty("data", out var data) ? [] : data.EnumerateObject()
            .ToDictionary(pair => pair.Name, pair => Encoding.UTF8.GetString(pair.Value.GetBytesFromBase64()));
    }

    public async Task<StoredCertificates> Stored() => StoredCertificates.Read(await Read());

    /// <summary>The MutatingWebhookConfiguration.</summary>
    public async Task<JsonElement> Registered() =>
        (await Admin.Find(ApiResource.MutatingWebhookConfigurations, null, Space))!.Value;

    public async Task<WebhookRegistration> Live() => WebhookRegistration.Read(await Registered());

    /// <summary>Sets the caBundle of the first webhook, as somebody else would.</summary>
    public Task Tamper(string pem) => Patch([CaBundle(0, pem)]);

    /// <summary>Sets the caBundle of every webhook.</summary>
    public async Task Trust(string pem) =>
        await Patch([.. (await Live()).Webhooks.Select((_, index) => CaBundle(index, pem))]);

    /// <summary>Creates a labelled Pod, and stores nothing: the API server calls every webhook.</summary>
    /// <param name="engine">The engine it asks for; empty for the profile's.</param>
    public Task<ApiAnswer> CreatePod(string engine = "") => Admin.Create(ApiResource.Pods, Space, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["generateName"] = "runner-",
            ["labels"] = new JsonObject { ["gitlab-runner"] = "inject" },
            ["annotations"] = engine.Length > 0 ? new JsonObject { ["gitlab-runner/engine"] = engine } : null,
        },
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "gitlab-runner", ["image"] = "gitlab/gitlab-runner:v17.0.0" }),
        },
    }, new() { DryRun = true });

    public async ValueTask DisposeAsync()
    {
        await _cluster.Kubectl.Run("delete", "mutatingwebhookconfiguration", Space);
        Admin.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static JsonObject CaBundle(int webhook, string pem) => new()
    {
        ["op"] = "add",
        ["path"] = $"/webhooks/{webhook}/clientConfig/caBundle",
        ["value"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(pem)),
    };

    private async Task Patch(JsonArray operations) => (await _cluster.Kubectl.Run("patch", "mutatingwebhookconfiguration", Space,
        "--type=json", "--field-manager=somebody", "-p", operations.ToJsonString())).Ensure();

    private async Task Register(IEnumerable<JsonObject> clients)
    {
        var hooks = clients.Select((client, index) => new JsonObject
        {
            ["name"] = $"hook-{index}.example.com",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["sideEffects"] = "None",
            ["timeoutSeconds"] = 5,
            ["failurePolicy"] = "Fail",
            ["clientConfig"] = client,
            ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["self"] = Space } },
            ["objectSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["gitlab-runner"] = "inject" } },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray(""),
                ["apiVersions"] = new JsonArray("v1"),
                ["operations"] = new JsonArray("CREATE"),
                ["resources"] = new JsonArray("pods"),
            }),
        });
        await Admin.Create(ApiResource.MutatingWebhookConfigurations, null, new JsonObject
        {
            ["apiVersion"] = "admissionregistration.k8s.io/v1",
            ["kind"] = "MutatingWebhookConfiguration",
            ["metadata"] = new JsonObject { ["name"] = Space },
            ["webhooks"] = new JsonArray([.. hooks]),
        }, new() { FieldManager = "installer" });
    }
}
