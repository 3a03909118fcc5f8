namespace RunnerWebhook.Certificates;

/// <summary>The names of a Service.</summary>
internal static class ServiceNames
{
    /// <summary>The names that the webhook's certificate needs: the API server asks for the first; the second is what
    /// people and probes in the cluster may use.</summary>
    /// <param name="service">The Service's name.</param>
    /// <param name="space">Its namespace.</param>
    public static string[] Of(string service, string space) =>
        [$"{service}.{space}.svc", $"{service}.{space}.svc.cluster.local"];
}
