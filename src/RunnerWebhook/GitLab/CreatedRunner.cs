namespace RunnerWebhook.GitLab;

/// <summary>The answer of <c>POST /user/runners</c>, and, without the ID, of a reset: the only time that GitLab shows
/// the token.</summary>
/// <param name="Id">The runner's ID; 0 in the answer of a reset.</param>
/// <param name="Token">The runner's authentication token.</param>
/// <param name="TokenExpiresAt">When the token stops working; null for never.</param>
internal sealed record CreatedRunner(long Id, string? Token, DateTimeOffset? TokenExpiresAt)
{
    // A record would print its members.
    public override string ToString() => nameof(CreatedRunner);
}
