using System.Globalization;

namespace RunnerWebhook.Certificates;

/// <summary>What is to be done about the certificates, and why.</summary>
/// <param name="Action">What.</param>
/// <param name="Reason">Why; empty where nothing is.</param>
internal sealed record CertificatePlan(CertificateAction Action, string Reason = "")
{
    // More would be a sign that something goes wrong again and again, and a bundle can't grow for ever.
    private const int MaxOldAuthorities = 3;

    private static readonly CertificatePlan Nothing = new(CertificateAction.Keep);

    /// <summary>Decides; every replica does so by itself, and the Secret's resource version lets one through.</summary>
    /// <param name="stored">What the Secret holds.</param>
    /// <param name="live">What the API server trusts; null where that isn't known.</param>
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

        // Where the API server's trust can't be seen to follow, a new CA would be an outage sooner than the old one's end.
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
    /// <param name="live">What the API server trusts; null where that isn't known.</param>
    /// <param name="names">The names that the serving certificate must hold.</param>
    /// <param name="terms">How long certificates live.</param>
    /// <param name="now">The time.</param>
    public StoredCertificates CarryOut(StoredCertificates stored, WebhookRegistration? live, string[] names,
        CertificateTerms terms, DateTimeOffset now)
    {
        switch (Action)
        {
            case CertificateAction.NewAuthority:
                // Other replicas serve certificates of whatever is trusted now until they have taken over the new one.
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

    private static string? WhyNewServing(HeldPair? serving, HeldPair authority, string[] names, CertificateTerms terms,
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
        // Judged at its end, as by another's clock it may not have begun.
        if (!issuer.Vouches(serving.Certificate, [], serving.NotAfter.AddSeconds(-1)))
        {
            return "the serving certificate is not of the newest CA";
        }

        // Close to the CA's own end a new one would hardly last longer.
        var lasts = now + terms.ServingLifetime < authority.NotAfter ? now + terms.ServingLifetime : authority.NotAfter;
        return serving.RenewAt <= now && lasts - serving.NotAfter > (serving.NotAfter - serving.Made) / 3
            ? Invariant($"the serving certificate expires on {serving.NotAfter.UtcDateTime:u}") : null;
    }

    private static HeldPair Held(KeyPair pair) => HeldPair.Read(pair.CertificatePem, pair.KeyPem, out var problem)
        ?? throw new InvalidOperationException(problem);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
