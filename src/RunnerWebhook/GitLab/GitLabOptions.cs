namespace RunnerWebhook.GitLab;

/// <summary>Which GitLab, and as whom.</summary>
/// <param name="Url">GitLab's address, as in a browser.</param>
/// <param name="AccessToken">The access token; never printed.</param>
internal sealed record GitLabOptions(Uri Url, string AccessToken)
{
    /// <summary>PEM file of the only CAs that are trusted; null for those that the machine trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long one call may take. Default 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    // A record would print its members.
    public override string ToString() => Url.ToString();
}
