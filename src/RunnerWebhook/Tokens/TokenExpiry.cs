using System.Globalization;
using RunnerWebhook.GitLab;

namespace RunnerWebhook.Tokens;

/// <summary>Warns about tokens that expire.</summary>
internal static class TokenExpiry
{
    /// <summary>Warns if the token of a runner expires.</summary>
    public static void SayExpiry(this CreatedRunner created, Action<string> say)
    {
        if (created.TokenExpiresAt is { } end)
        {
            say(string.Create(CultureInfo.InvariantCulture, $"note: the token expires at {end.UtcDateTime:u}, and a runner ")
                + "can't renew it in a read-only config.toml: run token rotate before then, or let GitLab create tokens that "
                + "do not expire");
        }
    }
}
