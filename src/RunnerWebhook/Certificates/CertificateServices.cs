using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Certificates;

/// <summary>Registers everything about certificates.</summary>
internal static class CertificateServices
{
    /// <summary>Adds the services; the server decides which of them run.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="options">Where the certificate comes from.</param>
    /// <param name="cluster">The cluster whose trust counts.</param>
    public static void AddCertificates(this IServiceCollection services, CertificateOptions options, ClusterChoice cluster)
    {
        services.AddSingleton(options);
        services.AddSingleton(cluster);
        services.AddSingleton<WebhookTrust>();
        services.AddSingleton<ServingCertificate>();
        services.AddSingleton<CertificateFiles>();
        services.AddSingleton<ClientAuthorities>();
        services.AddSingleton<CaBundleReadiness>();
        services.AddSingleton<CertificateUpkeep>();
    }
}
