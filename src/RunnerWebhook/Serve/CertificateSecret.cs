using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Certificates;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Serve;

/// <summary>The Secret that holds the certificates.</summary>
internal sealed class CertificateSecret
{
    private readonly string _space;
    private readonly string _name;
    private readonly JsonElement? _object;

    private CertificateSecret(string space, string name, JsonElement? json) => (_space, _name, _object) = (space, name, json);

    /// <summary>What it holds.</summary>
    public StoredCertificates Stored { get; private init; } = StoredCertificates.Read(new Dictionary<string, string>());

    /// <summary>Reads the Secret; it need not exist.</summary>
    /// <exception cref="ApiException">It can't be read, or it is somebody else's.</exception>
    public static async Task<CertificateSecret> Read(KubernetesClient client, string name, CancellationToken cancellation)
    {
        var json = await client.Find(ApiResource.Secrets, client.Namespace, name, cancellation);
        if (json?.GetProperty("metadata") is { } metadata && metadata.TryGetProperty("annotations", out var annotations)
            && annotations.EnumerateObject().Any(one => one.Name.StartsWith("cert-manager.io/", StringComparison.Ordinal)))
        {
            throw new ApiException(ApiProblem.Refused, $"Secret {client.Namespace}/{name} is cert-manager's: name another "
                + "with --secret-name, or use its files with --tls-cert and --tls-key");
        }

        return new(client.Namespace, name, json) { Stored = StoredCertificates.Read(Data(json)) };
    }

    /// <summary>Writes certificates, where nobody else has written since.</summary>
    /// <exception cref="ApiException"><see cref="ApiProblem.Conflict"/>: somebody has; read anew.</exception>
    public async Task Write(KubernetesClient client, StoredCertificates certificates, CancellationToken cancellation)
    {
        var data = new JsonObject();
        foreach (var (key, value) in certificates.Write())
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
        }

        if (_object is { } existing)
        {
            var changed = JsonNode.Parse(existing.GetRawText())!.AsObject();
            changed["data"] = data;
            await client.Replace(ApiResource.Secrets, _space, _name, changed, null, cancellation);
        }
        else
        {
            await Create(client, data, cancellation);
        }
    }

    // No right to create can be limited to one name, so the manifests give none and bring an empty Secret instead.
    private async Task Create(KubernetesClient client, JsonObject data, CancellationToken cancellation)
    {
        try
        {
            await client.Create(ApiResource.Secrets, _space, new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = _name },
                ["data"] = data,
            }, null, cancellation);
        }
        catch (ApiException e) when (e.Problem == ApiProblem.Forbidden)
        {
            throw new ApiException(ApiProblem.Forbidden, $"Secret {_space}/{_name} doesn't exist, and this service account "
                + $"can't create it: kubectl create secret generic {_name} --namespace {_space}", e);
        }
    }

    private static Dictionary<string, string> Data(JsonElement? secret)
    {
        var data = new Dictionary<string, string>();
        if (secret is { } json && json.TryGetProperty("data", out var values) && values.ValueKind == JsonValueKind.Object)
        {
            foreach (var value in values.EnumerateObject())
            {
                data[value.Name] = Encoding.UTF8.GetString(value.Value.GetBytesFromBase64());
            }
        }

        return data;
    }
}
