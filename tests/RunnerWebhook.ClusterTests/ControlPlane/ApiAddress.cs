namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>Where an API server listens, and what it calls its Services.</summary>
/// <param name="Host">The address.</param>
/// <param name="Port">The TCP port.</param>
/// <param name="ServiceRange">The addresses of Services.</param>
internal sealed record ApiAddress(string Host, int Port, string ServiceRange)
{
    public string Url => $"https://{Host}:{Port}";

    /// <summary>On loopback, where no pod finds it.</summary>
    public static ApiAddress Loopback() => new("127.0.0.1", Cluster.FreePort(), "10.96.0.0/16");
}
