using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using RunnerWebhook.Certificates;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>Who may call the review port, with <c>--client-ca</c>: the TLS handshake of others is refused, with one line in
/// the log.</summary>
internal sealed class CallerCheck(ClientAuthorities authorities, WebhookMetrics metrics, ILogger<CallerCheck> logger)
{
    /// <summary>Asks the callers of a handshake for a certificate, if one is wanted.</summary>
    public void Apply(SslServerAuthenticationOptions tls, TlsHandshakeCallbackContext handshake)
    {
        if (!authorities.AreWanted)
        {
            return;
        }

        tls.ClientCertificateRequired = true;
        // The verdict is ours. Without this policy the base library would look for issuers in the system, and download them
        // from addresses that the caller's certificate names.
        tls.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        tls.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            var sent = chain?.ChainPolicy.ExtraStore.ToArray() ?? [];
            if (authorities.WhyRefused(certificate as X509Certificate2, sent) is not { } why)
            {
                return true;
            }

            metrics.CallerRefused();
            Log.CallerRefused(logger, $"{handshake.Connection.RemoteEndPoint}", ForeignText.Sentence(why));
            return false;
        };
    }
}
