using System.Globalization;

namespace RunnerWebhook.ClusterTests;

/// <summary>What kubelet mounts into a pod for its service account.</summary>
internal sealed class PodFolder : IDisposable
{
    public PodFolder(string token, string caPem, string space)
    {
        WriteToken(token);
        File.WriteAllText(System.IO.Path.Combine(Path, "ca.crt"), caPem);
        File.WriteAllText(System.IO.Path.Combine(Path, "namespace"), space);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("runner-webhook-pod").FullName;

    public void WriteToken(string token) => File.WriteAllText(System.IO.Path.Combine(Path, "token"), token + "\n");

    /// <summary>The variables of a pod's environment.</summary>
    public static Func<string, string?> Environment(Uri server) => name => name switch
    {
        "KUBERNETES_SERVICE_HOST" => server.Host,
        "KUBERNETES_SERVICE_PORT" => server.Port.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
