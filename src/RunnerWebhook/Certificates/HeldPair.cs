using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.Certificates;

/// <summary>A key pair that fits, and what its certificate says.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Certificate">The certificate; of several in the PEM text the first.</param>
internal sealed record HeldPair(KeyPair Pair, X509Certificate2 Certificate)
{
    /// <summary>When it expires.</summary>
    public DateTimeOffset NotAfter => Certificate.NotAfter;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Made => (DateTimeOffset)Certificate.NotBefore + CertificateAuthority.Backdate;

    /// <summary>When to renew it: a third of its life is left.</summary>
    public DateTimeOffset RenewAt => NotAfter - ((NotAfter - Made) / 3);

    /// <summary>Reads a pair.</summary>
    /// <param name="certificatePem">The certificate.</param>
    /// <param name="keyPem">Its key.</param>
    /// <param name="problem">Why there is none, where the result is null.</param>
    public static HeldPair? Read(string? certificatePem, string? keyPem, out string problem)
    {
        problem = "";
        if (string.IsNullOrWhiteSpace(certificatePem) || string.IsNullOrWhiteSpace(keyPem))
        {
            problem = "missing";
            return null;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            return new(new(certificatePem, keyPem), certificate);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problem = e.Message;
            return null;
        }
    }
}
