namespace RunnerWebhook.Certificates;

/// <summary>What the Secret holds, as far as it can be used. The Secret is the single truth: a replica makes
/// certificates only to write them there, and serves what it reads there.</summary>
/// <param name="Trusted">The CAs that the API server is to trust (<c>ca.crt</c>), the newest first.</param>
/// <param name="Authority">The newest CA with its key (<c>ca.key</c>); null if there is none that can be used.</param>
/// <param name="Serving">The serving certificate (<c>tls.crt</c>, <c>tls.key</c>); null if there is none that can be
/// used.</param>
/// <param name="Problem">What of it can't be used; empty for nothing.</param>
internal sealed record StoredCertificates(TrustBundle Trusted, LoadedPair? Authority, LoadedPair? Serving, string Problem)
{
    /// <summary>The key of the CAs, and those of the rest of the Secret.</summary>
    public const string AuthorityCertificate = "ca.crt";
    public const string AuthorityKey = "ca.key";
    public const string ServingCertificate = "tls.crt";
    public const string ServingKey = "tls.key";

    /// <summary>Reads the Secret's data.</summary>
    public static StoredCertificates Read(IReadOnlyDictionary<string, string> data)
    {
        var caPem = data.GetValueOrDefault(AuthorityCertificate);
        var authority = LoadedPair.Read(caPem, data.GetValueOrDefault(AuthorityKey), out var wrongAuthority);
        if (authority is not null && CertificateAuthority.Problem(authority.Certificate) is { } problem)
        {
            (authority, wrongAuthority) = (null, problem);
        }

        var serving = LoadedPair.Read(data.GetValueOrDefault(ServingCertificate), data.GetValueOrDefault(ServingKey),
            out var wrongServing);
        var wrong = new[] { (Keys: $"{AuthorityCertificate}, {AuthorityKey}", Wrong: wrongAuthority),
            (Keys: $"{ServingCertificate}, {ServingKey}", Wrong: wrongServing) };
        return new(TrustBundle.Read(caPem ?? ""), authority, serving, string.Join("; ", wrong
            .Where(pair => pair.Wrong.Length > 0).Select(pair => $"{pair.Keys}: {pair.Wrong}")));
    }

    /// <summary>The Secret's data for these certificates.</summary>
    /// <exception cref="InvalidOperationException">They are not complete.</exception>
    public Dictionary<string, string> Write() => Authority is null || Serving is null
        ? throw new InvalidOperationException("only complete certificates are written")
        : new()
        {
            [AuthorityCertificate] = Trusted.Pem,
            [AuthorityKey] = Authority.Pair.KeyPem,
            [ServingCertificate] = Serving.Pair.CertificatePem,
            [ServingKey] = Serving.Pair.KeyPem,
        };
}
