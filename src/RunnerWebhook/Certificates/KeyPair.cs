namespace RunnerWebhook.Certificates;

/// <summary>A certificate and its private key, both PEM.</summary>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="KeyPem">The private key, PKCS#8. Never printed but where the user asks for it.</param>
internal sealed record KeyPair(string CertificatePem, string KeyPem)
{
    /// <summary>Without the key, which has no place in a log.</summary>
    public override string ToString() => CertificatePem;
}
