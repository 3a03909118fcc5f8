using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using RunnerWebhook.Certificates;

namespace RunnerWebhook.Serve;

/// <summary>
/// The certificate in service. Handshakes read it once; a new one is swapped in whole, and a pair that doesn't fit
/// leaves the one before in service.
/// </summary>
internal sealed class ServingCertificate(TimeProvider time, ILogger<ServingCertificate> logger) : IReadinessCheck
{
    private volatile SslStreamCertificateContext? _current;
    private volatile string? _problem;
    private KeyPair? _pair;

    public string Name => "certificate";

    /// <summary>What a handshake sends; null while there is no certificate.</summary>
    public SslStreamCertificateContext? Current => _current;

    /// <summary>Why what is offered now can't be used; null where it is in service.</summary>
    public string? Problem => _problem;

    /// <summary>When the certificate in service expires; null while there is none.</summary>
    public DateTimeOffset? NotAfter => _current?.TargetCertificate.NotAfter;

    /// <summary>Takes a pair into service, where it isn't yet.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It is not PEM.</exception>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public void Serve(KeyPair pair)
    {
        if (pair != _pair)
        {
            var leaf = X509Certificate2.CreateFromPem(pair.CertificatePem, pair.KeyPem);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(pair.CertificatePem);
            _current = SslStreamCertificateContext.Create(leaf, chain, offline: true);
            _pair = pair;
            Log.CertificateLoaded(logger, leaf.Subject, leaf.NotAfter.ToUniversalTime());
        }

        _problem = null;
    }

    /// <summary>Takes a certificate for localhost into service, which no API server trusts.</summary>
    public void ServeThrowAway()
    {
        var now = time.GetUtcNow();
        using var authority = CertificateAuthority.Create(now, TimeSpan.FromDays(7));
        Serve(authority.IssueServing(["localhost", "127.0.0.1", "::1"], now, TimeSpan.FromDays(7)));
        Log.CertificateThrownAway(logger);
    }

    /// <summary>Keeps what is in service, and says why nothing newer is.</summary>
    public void Reject(string problem)
    {
        if (problem == _problem)
        {
            return;
        }

        _problem = problem;
        if (_current is null)
        {
            Log.CertificateAwaited(logger, problem);
        }
        else
        {
            Log.CertificateRejected(logger, problem);
        }
    }

    public Readiness Judge() => NotAfter is not { } notAfter ? new(false, "none yet", Problem)
        : new(notAfter > time.GetUtcNow(),
            string.Create(CultureInfo.InvariantCulture, $"valid until {notAfter.UtcDateTime:u}"),
            Problem is null ? null : $"what is offered since can't be used: {Problem}");
}
