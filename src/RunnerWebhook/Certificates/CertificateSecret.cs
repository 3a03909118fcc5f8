using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Certificates;

/// <summary>The Secret that holds the certificates.</summary>
internal sealed class CertificateSecret
{
    private readonly string _namespace;
    private readonly string _name;
    private readonly JsonElement? _object;

    private CertificateSecret(string namespaceName, string name, JsonElement? json) =>
        (_namespace, _name, _object) = (namespaceName, name, json);

    /// <summary>The certificates in it.</summary>
    public StoredCertificates Stored { get; private init; } = StoredCertificates.Read(new Dictionary<string, string>());

    /// <summary>Reads the Secret; it need not exist.</summary>
    /// <exception cref="ApiException">It cannot be read, or it belongs to cert-manager.</exception>
    public static async Task<CertificateSecret> Read(ApiClient client, string name, CancellationToken cancellation)
    {
        var json = await client.Find(ApiResource.Secrets, client.Namespace, name, cancellation);
        if (json?.GetProperty("metadata") is { } metadata && metadata.TryGetProperty("annotations", out var annotations)
            && annotations.EnumerateObject().Any(one => one.Name.StartsWith("cert-manager.io/", StringComparison.Ordinal)))
        {
            throw new ApiException(ApiProblem.Refused, $"Secret {client.Namespace}/{name} belongs to cert-manager: name "
                + "another with --secret-name, or use its files with --tls-cert and --tls-key");
        }

        return new(client.Namespace, name, json) { Stored = StoredCertificates.Read(Data(json)) };
    }

    /// <summary>Writes certificates, unless the Secret has changed since it was read.</summary>
    /// <exception cref="ApiException"><see cref="ApiProblem.Conflict"/>: it has changed; read it again.</exception>
    public async Task Write(ApiClient client, StoredCertificates certificates, CancellationToken cancellation)
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
            await client.Replace(ApiResource.Secrets, _namespace, _name, changed, null, cancellation);
        }
        else
        {
            await Create(client, data, cancellation);
        }
    }

    // RBAC cannot limit create to one name: the manifests grant no create and ship an empty Secret instead.
    private async Task Create(ApiClient client, JsonObject data, CancellationToken cancellation)
    {
        try
        {
            await client.Create(ApiResource.Secrets, _namespace, new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = _name },
                ["data"] = data,
            }, null, cancellation);
        }
        catch (ApiException e) when (e.Problem == ApiProblem.Forbidden)
        {
            throw new ApiException(ApiProblem.Forbidden, $"Secret {_namespace}/{_name} does not exist, and this service account "
                + $"cannot create it: kubectl create secret generic {_name} --namespace {_namespace}", e);
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
