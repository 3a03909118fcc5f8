using System.Globalization;

namespace RunnerWebhook.Certificates;

/// <summary>What is to be done about the certificates, and why.</summary>
/// <param name="Action">What.</param>
/// <param name="Reason">Why; empty if nothing is.</param>
internal sealed record CertificatePlan(CertificateAction Action, string Reason = "")
{
    // More would mean that rotation fails repeatedly; a bundle must not grow without bound.
    private const int MaxOldAuthorities = 3;

    private static readonly CertificatePlan Nothing = new(CertificateAction.Keep);

    /// <summary>Decides. Every replica does so on its own; the Secret's resource version lets one write.</summary>
    /// <param name="stored">What the Secret holds.</param>
    /// <param name="live">What the API server trusts; null if that is not known.</param>
    /// <param name="names">The names that the serving certificate must hold.</param>
    /// <param name="terms">How long certificates live.</param>
    /// <param name="now">The time by this replica's clock, which may differ from others' by minutes.</param>
    public static CertificatePlan Decide(StoredCertificates stored, WebhookRegistration? live, string[] names,
        CertificateTerms terms, DateTimeOffset now)
    {
        if (stored.Authority is not { } authority)
        {
            return new(CertificateAction.NewAuthority, $"the Secret has no CA that can be used ({stored.Problem})");
        }

        if (authority.NotAfter <= now)
        {
            return new(CertificateAction.NewAuthority, Invariant($"the CA expired on {authority.NotAfter.UtcDateTime:u}"));
        }

        // Do not rotate the CA unless the live caBundle is seen to follow.
        var isLive = live is { Webhooks.Length: > 0 } && live.Trusts(authority.Certificate);
        if (isLive && authority.RenewAt <= now)
        {
            return new(CertificateAction.NewAuthority, Invariant($"the CA expires on {authority.NotAfter.UtcDateTime:u}"));
        }

        if (WhyNewServing(stored.Serving, authority, names, terms, now) is { } why)
        {
            return new(CertificateAction.NewServing, why);
        }

        return isLive && stored.Trusted.Certificates.Count > 1 && authority.Made + terms.Overlap <= now
            ? new(CertificateAction.DropOldAuthorities, Invariant($"the newest CA is of {authority.Made.UtcDateTime:u}"))
            : Nothing;
    }

    /// <summary>Does what was decided; the result is to be written.</summary>
    /// <param name="stored">What the Secret holds.</param>
    /// <param name="live">What the API server trusts; null if that is not known.</param>
    /// <param name="names">The names that the serving certificate must hold.</param>
    /// <param name="terms">How long certificates live.</param>
    /// <param name="now">The time.</param>
    public StoredCertificates CarryOut(StoredCertificates stored, WebhookRegistration? live, string[] names,
        CertificateTerms terms, DateTimeOffset now)
    {
        switch (Action)
        {
            case CertificateAction.NewAuthority:
                // Other replicas serve certificates of the CAs trusted now until they take over the new one.
                var old = stored.Trusted.With(live?.AllTrusted ?? TrustBundle.Empty)
                    .Where(certificate => certificate.NotAfter > now, MaxOldAuthorities);
                using (var made = CertificateAuthority.Create(now, terms.AuthorityLifetime))
                {
                    var authority = Held(made.Pair);
                    return new(TrustBundle.Read(made.Pair.CertificatePem).With(old), authority,
                        Held(made.IssueServing(names, now, terms.ServingLifetime)), "");
                }

            case CertificateAction.NewServing:
                using (var issuer = CertificateAuthority.Load(stored.Authority!.Pair))
                {
                    return stored with
                    {
                        Serving = Held(issuer.IssueServing(names, now, terms.ServingLifetime)),
                        Problem = "",
                    };
                }

            case CertificateAction.DropOldAuthorities:
                return stored with { Trusted = stored.Trusted.Where(stored.Authority!.Certificate.Equals) };
            default:
                return stored;
        }
    }

    private static string? WhyNewServing(LoadedPair? serving, LoadedPair authority, string[] names, CertificateTerms terms,
        DateTimeOffset now)
    {
        if (serving is null)
        {
            return "the Secret has no serving certificate that can be used";
        }

        if (names.FirstOrDefault(name => !serving.Certificate.MatchesHostname(name)) is { } missing)
        {
            return $"the serving certificate is not made out to {missing}";
        }

        if (serving.NotAfter <= now)
        {
            return Invariant($"the serving certificate expired on {serving.NotAfter.UtcDateTime:u}");
        }

        var issuer = TrustBundle.Read(authority.Pair.CertificatePem).Where(authority.Certificate.Equals);
        // Verify at NotAfter: by another replica's clock the certificate may not be valid yet.
        if (!issuer.Vouches(serving.Certificate, [], serving.NotAfter.AddSeconds(-1)))
        {
            return "the serving certificate is not of the newest CA";
        }

        // Near the CA's expiry a new leaf would gain almost no lifetime.
        var lasts = now + terms.ServingLifetime < authority.NotAfter ? now + terms.ServingLifetime : authority.NotAfter;
        return serving.RenewAt <= now && lasts - serving.NotAfter > (serving.NotAfter - serving.Made) / 3
            ? Invariant($"the serving certificate expires on {serving.NotAfter.UtcDateTime:u}") : null;
    }

    private static LoadedPair Held(KeyPair pair) => LoadedPair.Read(pair.CertificatePem, pair.KeyPem, out var problem)
        ?? throw new InvalidOperationException(problem);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
