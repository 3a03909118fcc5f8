using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests.OtherWebhooks;

/// <summary>A second mutating webhook, by <see cref="PodRewriter"/>. The API server calls webhooks in the order of their
/// configurations' names, so its name decides whether it is called before or after <c>runner-webhook</c>.</summary>
internal sealed class OtherWebhook : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly string _name;
    private readonly string _folder = Directory.CreateTempSubdirectory("other-webhook").FullName;
    private readonly WebApplication _app;
    private int _calls;

    private OtherWebhook(Cluster cluster, string name)
    {
        (_cluster, _name) = (cluster, name);
        using var authority = new TestAuthority(_folder);
        authority.IssueServing("tls", "127.0.0.1");
        CaPem = authority.Pem;
        Port = Cluster.FreePort();
        using var pair = X509Certificate2.CreateFromPemFile(Path.Combine(_folder, "tls.crt"), Path.Combine(_folder, "tls.key"));
        var certificate = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, listen => listen.UseHttps(certificate)));
        _app = builder.Build();
        _app.Run(Answer);
    }

    private string CaPem { get; }

    private int Port { get; }

    /// <summary>How often the API server has called.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Starts and registers a webhook for the labelled namespaces.</summary>
    /// <param name="cluster">The control plane.</param>
    /// <param name="name">The name of its MutatingWebhookConfiguration.</param>
    /// <param name="label">The label of the namespaces.</param>
    public static async Task<OtherWebhook> Start(Cluster cluster, string name, string label)
    {
        var made = new OtherWebhook(cluster, name);
        await made._app.StartAsync();
        (await cluster.Kubectl.RunWithInput(made.Registration(label).ToJsonString(), "create", "-f", "-")).Ensure();
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.Kubectl.Run("delete", "mutatingwebhookconfiguration", _name, "--ignore-not-found");
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private JsonObject Registration(string label) => JsonNode.Parse($$"""
        {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
         "metadata": {"name": "{{_name}}"},
         "webhooks": [{"name": "pods.{{_name}}.example.com", "admissionReviewVersions": ["v1"], "sideEffects": "None",
          "failurePolicy": "Ignore", "reinvocationPolicy": "IfNeeded", "timeoutSeconds": 5,
          "clientConfig": {"url": "https://127.0.0.1:{{Port}}/", "caBundle": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes(CaPem))}}"},
          "namespaceSelector": {"matchExpressions": [{"key": "{{label}}", "operator": "Exists"}]},
          "rules": [
           {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]},
           {"apiGroups": ["apps"], "apiVersions": ["v1"], "resources": ["daemonsets"], "operations": ["CREATE", "UPDATE"]}]}]}
        """)!.AsObject();

    private async Task Answer(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        var request = (await JsonNode.ParseAsync(context.Request.Body))!["request"]!;
        var isPod = (string)request["kind"]!["kind"]! == "Pod";
        var owner = isPod ? request["object"]! : request["object"]!["spec"]!["template"]!;
        var spec = owner["spec"]!.DeepClone().AsObject();
        PodRewriter.Rewrite(spec);
        var patch = new JsonArray(new JsonObject
        {
            ["op"] = "replace",
            ["path"] = isPod ? "/spec" : "/spec/template/spec",
            ["value"] = spec,
        });
        var response = new JsonObject { ["uid"] = (string)request["uid"]!, ["allowed"] = true };
        if (!JsonNode.DeepEquals(owner["spec"], spec))
        {
            (response["patchType"], response["patch"]) =
                ("JSONPatch", Convert.ToBase64String(Encoding.UTF8.GetBytes(patch.ToJsonString())));
        }

        await Results.Json(new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["response"] = response,
        }).ExecuteAsync(context);
    }
}
