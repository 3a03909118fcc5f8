namespace RunnerWebhook.Certificates;

/// <summary>The names of a Service.</summary>
internal static class ServiceNames
{
    /// <summary>The names that the webhook's certificate needs: the API server asks for the first; the second is what
    /// people and probes in the cluster may use.</summary>
    /// <param name="service">The Service's name.</param>
    /// <param name="namespaceName">Its namespace.</param>
    public static string[] Of(string service, string namespaceName) =>
        [$"{service}.{namespaceName}.svc", $"{service}.{namespaceName}.svc.cluster.local"];
}
