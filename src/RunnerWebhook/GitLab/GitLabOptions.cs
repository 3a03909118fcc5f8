namespace RunnerWebhook.GitLab;

/// <summary>The GitLab, and the user of the access token.</summary>
/// <param name="Url">GitLab's address, as in a browser.</param>
/// <param name="AccessToken">The access token; never printed.</param>
internal sealed record GitLabOptions(Uri Url, string AccessToken)
{
    /// <summary>PEM file of the only trusted CAs; null for the machine's own.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long one call may take. Default 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    // A record would print its members.
    public override string ToString() => Url.ToString();
}
