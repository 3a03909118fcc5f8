namespace RunnerWebhook.Certificates;

/// <summary>How long self-managed certificates live. A certificate is renewed when a third of its life is left, so
/// there are weeks to notice that it can't be.</summary>
internal sealed record CertificateTerms
{
    /// <summary>How long a CA is valid.</summary>
    public TimeSpan AuthorityLifetime { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How long a serving certificate is valid.</summary>
    public TimeSpan ServingLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long an old CA stays trusted in addition to the new one.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a new CA must have been in the live <c>caBundle</c> before a certificate of it replaces one
    /// that still serves: every API server has to hear of it first.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(15);
}
