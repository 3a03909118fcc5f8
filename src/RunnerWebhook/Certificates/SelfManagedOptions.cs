using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Certificates;

/// <summary>How the server makes its own certificates.</summary>
internal sealed record SelfManagedOptions
{
    /// <summary>The Secret that holds them, in the namespace of the cluster connection.</summary>
    public string SecretName { get; init; } = WellKnown.CertificateSecret;

    /// <summary>The Service through which the API server calls the webhook, in the same namespace.</summary>
    public string Service { get; init; } = WellKnown.Program;

    /// <summary>Further names and addresses of the server.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>How long certificates live.</summary>
    public CertificateTerms Terms { get; init; } = new();
}
