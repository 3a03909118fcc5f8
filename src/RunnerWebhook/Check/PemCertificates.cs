using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Check;

/// <summary>Certificates as the API server looks at them.</summary>
internal static class PemCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The certificates of a text, in order; null where it holds none, or a broken one.</summary>
    public static X509Certificate2Collection? Read(string pem)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            return certificates.Count > 0 ? certificates : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Why a serving certificate is not trusted; null where it is. When they expire is not looked at.</summary>
    /// <param name="served">The certificate, and its intermediates.</param>
    /// <param name="roots">Whom the API server trusts.</param>
    public static string? WhyUntrusted(X509Certificate2Collection served, X509Certificate2Collection roots)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(served);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        policy.ApplicationPolicy.Add(new(ServerAuthentication));
        return chain.Build(served[0]) ? null
            : string.Join(", ", chain.ChainStatus.Where(status => status.Status != X509ChainStatusFlags.NotTimeValid)
                .Select(status => status.Status).Distinct());
    }
}
