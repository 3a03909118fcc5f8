using System.Globalization;

namespace RunnerWebhook.Certificates;

/// <summary>Whether a replica starts to serve the certificate that files or the Secret offer.</summary>
internal static class ServingChoice
{
    /// <summary>Why the offered certificate has to wait; null if it replaces the one in service now. A certificate that is
    /// valid and trusted is never given up for one that is not.</summary>
    /// <param name="inService">The pair that is served now; null for none.</param>
    /// <param name="offered">The pair that files or the Secret hold.</param>
    /// <param name="live">What the API server trusts; null if that is not known.</param>
    /// <param name="unchangedSince">Since when this replica has seen <paramref name="live"/> trust the same.</param>
    /// <param name="settle">How long that has to be so.</param>
    /// <param name="now">The time.</param>
    public static string? WhyWait(LoadedPair? inService, LoadedPair offered, WebhookRegistration? live,
        DateTimeOffset unchangedSince, TimeSpan settle, DateTimeOffset now)
    {
        if (inService is null || !IsValid(inService, now))
        {
            return null;
        }

        if (!IsValid(offered, now))
        {
            return offered.NotAfter <= now
                ? Invariant($"it expired on {offered.NotAfter.UtcDateTime:u}")
                : Invariant($"it is not valid before {offered.Certificate.NotBefore.ToUniversalTime():u}");
        }

        if (live is not { Webhooks.Length: > 0 } || Refusing(live, inService, now) is not [])
        {
            return null;
        }

        return Refusing(live, offered, now) is { Length: > 0 } refusing
            ? $"the live caBundle of {string.Join(", ", refusing)} does not trust it"
            : unchangedSince + settle <= now || HaveOneIssuer(live, inService, offered, now) ? null
            : "the live caBundle has just changed: every API server has to read it first";
    }

    // An API server that trusts the one in service by the same CA has nothing new to read.
    private static bool HaveOneIssuer(WebhookRegistration live, LoadedPair inService, LoadedPair offered, DateTimeOffset now) =>
        live.Webhooks.All(webhook => webhook.Trusted.Certificates.Any(anchor => new[] { inService, offered }.All(pair =>
            ChainVerifier.WhyUntrusted(pair.Certificate, pair.Intermediates, [anchor], now) is null)));

    private static bool IsValid(LoadedPair pair, DateTimeOffset now) => pair.Certificate.NotBefore <= now && now < pair.NotAfter;

    private static string[] Refusing(WebhookRegistration live, LoadedPair pair, DateTimeOffset now) =>
        [.. live.Refusing(pair.Certificate, pair.Intermediates, now)];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
