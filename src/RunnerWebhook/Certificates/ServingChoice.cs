namespace RunnerWebhook.Certificates;

/// <summary>Whether a replica takes the Secret's serving certificate into service now.</summary>
internal static class ServingChoice
{
    /// <summary>The Secret's certificate is the truth, but one that the API server trusts is never given up for one
    /// that it doesn't trust yet.</summary>
    /// <param name="inService">What is served now; null for nothing.</param>
    /// <param name="offered">What the Secret holds.</param>
    /// <param name="live">What the API server trusts; null where that isn't known.</param>
    /// <param name="trustedSince">Since when this replica has seen the API server trust the newest CA; null where it
    /// doesn't.</param>
    /// <param name="settle">How long that has to be so.</param>
    /// <param name="now">The time.</param>
    public static bool Takes(HeldPair? inService, HeldPair offered, WebhookRegistration? live,
        DateTimeOffset? trustedSince, TimeSpan settle, DateTimeOffset now)
    {
        if (inService is null || live is null || inService.Pair == offered.Pair
            || live.Refusing(inService.Certificate, [], now) is not [])
        {
            return true;
        }

        return live.Refusing(offered.Certificate, [], now) is [] && trustedSince + settle <= now;
    }
}
