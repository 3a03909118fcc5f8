using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Kubernetes;

/// <summary>The service account of the pod this program runs in.</summary>
internal static class PodCredentials
{
    /// <summary>Where kubelet mounts the token, the API server's CA and the namespace.</summary>
    public const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Reads the mounted files.</summary>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="folder">The mounted files.</param>
    /// <returns>Null if this is no pod, or its service account is not mounted.</returns>
    /// <exception cref="ApiException">A file can't be used.</exception>
    public static ClusterCredentials? Find(Func<string, string?> environment, string folder = Folder)
    {
        var (host, port) = (environment("KUBERNETES_SERVICE_HOST"), environment("KUBERNETES_SERVICE_PORT"));
        var token = Path.Combine(folder, "token");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(token))
        {
            return null;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(Path.Combine(folder, "ca.crt"));
            return new()
            {
                Source = "the pod's service account",
                Server = new($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}/"),
                Namespace = File.ReadAllText(Path.Combine(folder, "namespace")).Trim(),
                Authorities = authorities,
                // Kubelet renews the token long before it expires: each request reads the one of the day.
                Authorization = async cancellation =>
                    new("Bearer", (await File.ReadAllTextAsync(token, cancellation)).Trim()),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException
            or UriFormatException)
        {
            throw new ApiException(ApiProblem.NotConfigured,
                $"the pod's service account in {folder} can't be used: {e.Message}", e);
        }
    }
}
