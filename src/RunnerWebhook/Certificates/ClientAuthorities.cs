using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RunnerWebhook.Health;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Certificates;

/// <summary>
/// The CAs whose client certificates may call the webhook, from a file that may appear late and change. Without a file
/// everyone may call; with a file that cannot be read yet, no caller may.
/// </summary>
internal sealed class ClientAuthorities(CertificateOptions options, TimeProvider time, ILogger<ClientAuthorities> logger)
    : IReadinessCheck
{
    private volatile X509Certificate2Collection? _trusted;
    private volatile string? _problem;
    private string? _seen;

    public string Name => "client-ca";

    /// <summary>Whether callers have to show a certificate.</summary>
    public bool AreWanted => options.ClientAuthorityFile is not null;

    /// <summary>Reads the file. What cannot be used leaves the current CAs in force.</summary>
    public void Refresh()
    {
        if (options.ClientAuthorityFile is not { } file)
        {
            return;
        }

        try
        {
            var text = InputFile.ReadTextNow(file);
            if (text != _seen)
            {
                Take(text, file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            Reject($"{file}: {e.Message}");
        }
    }

    /// <summary>Why a caller is refused; null if it may call.</summary>
    /// <param name="certificate">Its certificate; null if it sent none.</param>
    /// <param name="intermediates">The further certificates that it sent.</param>
    public string? WhyRefused(X509Certificate2? certificate, IReadOnlyCollection<X509Certificate2> intermediates) =>
        certificate is null ? "it sent no client certificate"
        : _trusted is not { } trusted ? "the file of --client-ca could not be read yet"
        : ChainVerifier.WhyUntrusted(certificate, intermediates, trusted, time.GetUtcNow(), ChainVerifier.ClientAuthentication)
            is { } why ? $"its client certificate '{certificate.Subject}' is not accepted: {why}" : null;

    public Readiness? Judge() => !AreWanted ? null
        : _trusted is not { } trusted ? new(false, "none yet", _problem)
        : new(true, $"{trusted.Count} trusted", _problem is { } problem
            ? $"the file has changed since and cannot be used: {problem}" : null);

    private void Take(string text, string file)
    {
        var read = new X509Certificate2Collection();
        read.ImportFromPem(text);
        if (read.Count == 0)
        {
            Reject($"{file}: there is no certificate in it");
            return;
        }

        var now = time.GetUtcNow();
        if (read.All(authority => now < authority.NotBefore || authority.NotAfter <= now))
        {
            Reject($"{file}: its certificates have expired, or are not valid yet");
            return;
        }

        (_trusted, _problem, _seen) = (read, null, text);
        Log.ClientAuthoritiesLoaded(logger, string.Join(", ", read.Select(authority => authority.Subject)));
    }

    private void Reject(string problem)
    {
        if (problem != _problem)
        {
            _problem = problem;
            if (_trusted is null)
            {
                Log.ClientAuthoritiesAwaited(logger, problem);
            }
            else
            {
                Log.ClientAuthoritiesRejected(logger, problem);
            }
        }

        _seen = null;
    }
}
