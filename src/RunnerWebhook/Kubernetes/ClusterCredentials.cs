using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Kubernetes;

/// <summary>Where an API server is and how it is talked to. Nothing of it is ever printed but <see cref="Source"/> and
/// <see cref="Server"/>.</summary>
internal sealed record ClusterCredentials : IDisposable
{
    /// <summary>Where this comes from, as a person would say it.</summary>
    public required string Source { get; init; }

    /// <summary>The API server's address, ending with a slash.</summary>
    public required Uri Server { get; init; }

    /// <summary>The namespace that is used if none is named.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The certificates that the server's must go back to; null for those the machine trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The name that the server's certificate must hold; null for that of its address.</summary>
    public string? ServerName { get; init; }

    /// <summary>Whether any certificate of the server is taken (<c>insecure-skip-tls-verify</c>).</summary>
    public bool TrustsAnyServer { get; init; }

    /// <summary>The client's certificate with its private key, first, and its intermediates; empty without one.</summary>
    public X509Certificate2Collection ClientCertificates { get; init; } = [];

    /// <summary>The value of the header <c>Authorization</c>, for each request anew; null for none.</summary>
    public Func<CancellationToken, Task<AuthenticationHeaderValue?>>? Authorization { get; init; }

    public void Dispose()
    {
        foreach (var certificate in ClientCertificates.Concat(Authorities ?? []))
        {
            certificate.Dispose();
        }
    }
}
