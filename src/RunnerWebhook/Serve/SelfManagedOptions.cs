using RunnerWebhook.Certificates;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Serve;

/// <summary>How the server makes its own certificates.</summary>
internal sealed record SelfManagedOptions
{
    /// <summary>The Secret that holds them, in the namespace of <see cref="ServeOptions.Cluster"/>.</summary>
    public string SecretName { get; init; } = WellKnown.CertificateSecret;

    /// <summary>The Service by which the API server calls the webhook, in the same namespace.</summary>
    public string Service { get; init; } = WellKnown.Program;

    /// <summary>Further names and addresses of the server.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>How long certificates live.</summary>
    public CertificateTerms Terms { get; init; } = new();
}
