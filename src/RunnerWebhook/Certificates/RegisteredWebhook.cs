using System.Text;
using System.Text.Json;

namespace RunnerWebhook.Certificates;

/// <summary>One webhook of a MutatingWebhookConfiguration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Host">The name that the server's certificate must hold.</param>
/// <param name="Trusted">The CAs of its <c>caBundle</c>.</param>
internal sealed record RegisteredWebhook(string Name, string Host, TrustBundle Trusted)
{
    /// <summary>Reads a webhook; the API server has seen to it that it is one.</summary>
    public static RegisteredWebhook Read(JsonElement json)
    {
        var client = json.GetProperty("clientConfig");
        var host = client.TryGetProperty("service", out var service)
            ? ServiceNames.Of(service.GetProperty("name").GetString()!, service.GetProperty("namespace").GetString()!)[0]
            : new Uri(client.GetProperty("url").GetString()!).Host;
        var bundle = client.TryGetProperty("caBundle", out var pem) && pem.ValueKind == JsonValueKind.String
            ? Encoding.UTF8.GetString(pem.GetBytesFromBase64()) : "";
        return new(json.GetProperty("name").GetString()!, host, TrustBundle.Read(bundle));
    }
}
