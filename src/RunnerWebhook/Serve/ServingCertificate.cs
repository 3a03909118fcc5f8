using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RunnerWebhook.Certificates;

namespace RunnerWebhook.Serve;

/// <summary>
/// The certificate in service. Handshakes read it once; a new one is swapped in whole, and a pair that doesn't fit
/// leaves the one before in service.
/// </summary>
internal sealed class ServingCertificate
{
    private readonly ServeOptions _options;
    private readonly ILogger _logger;
    private volatile SslStreamCertificateContext? _current;
    private volatile string? _problem;
    private string _seen = "";

    public ServingCertificate(ServeOptions options, ILogger<ServingCertificate> logger, TimeProvider time)
    {
        (_options, _logger) = (options, logger);
        if (options.CertificateFile is null)
        {
            using var authority = CertificateAuthority.Create(time.GetUtcNow(), TimeSpan.FromDays(7));
            var pair = authority.IssueServing(["localhost", "127.0.0.1", "::1"], time.GetUtcNow(), TimeSpan.FromDays(7));
            Load(pair.CertificatePem, pair.KeyPem);
            Log.CertificateThrownAway(logger);
        }
        else if (Refresh() is { } problem)
        {
            throw new StartupException(problem);
        }
    }

    /// <summary>What a handshake sends.</summary>
    public SslStreamCertificateContext Current => _current!;

    /// <summary>Why the files as they are now can't be used; null where they are in service.</summary>
    public string? Problem => _problem;

    /// <summary>When the certificate in service expires.</summary>
    public DateTimeOffset NotAfter => Current.TargetCertificate.NotAfter;

    /// <summary>Looks at the files' content and takes it into service where it is new. Kubelet swaps a symbolic link
    /// above both files, so their own times say nothing.</summary>
    /// <returns>Why the content can't be used; null where it is in service.</returns>
    public string? Refresh()
    {
        if (_options.CertificateFile is null)
        {
            return null;
        }

        try
        {
            var (certificate, key) = (File.ReadAllText(_options.CertificateFile), File.ReadAllText(_options.KeyFile!));
            var seen = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(certificate + '\n' + key)));
            if (seen != _seen)
            {
                Load(certificate, key);
                _seen = seen;
            }

            return _problem = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException
            or ArgumentException)
        {
            var problem = $"{_options.CertificateFile}, {_options.KeyFile}: {e.Message}";
            if (problem != _problem && _current is not null)
            {
                Log.CertificateRejected(_logger, problem);
            }

            return _problem = problem;
        }
    }

    private void Load(string certificatePem, string keyPem)
    {
        var leaf = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        _current = SslStreamCertificateContext.Create(leaf, chain, offline: true);
        Log.CertificateLoaded(_logger, leaf.Subject, leaf.NotAfter.ToUniversalTime());
    }
}
