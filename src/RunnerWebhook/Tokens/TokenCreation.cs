using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Tokens;

/// <summary>Creates a runner in GitLab and keeps its token.</summary>
/// <param name="client">GitLab.</param>
/// <param name="gitlab">Its address.</param>
/// <param name="destination">Where the token goes.</param>
/// <param name="say">Prints a message to people.</param>
internal sealed class TokenCreation(GitLabClient client, Uri gitlab, ITokenDestination destination, Action<string> say)
{
    /// <summary>Creates the runner; a runner with the same description is used again.</summary>
    /// <param name="scope">Whose runner it is.</param>
    /// <param name="wanted">The runner.</param>
    /// <param name="isDryRun">Whether nothing is to be changed.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task Run(RunnerScope scope, NewRunner wanted, bool isDryRun, CancellationToken cancellation)
    {
        if (await RunnerQuery.Find(client, scope, wanted.Description!, cancellation) is { } existing)
        {
            SayDifference(existing, wanted);
            say(await destination.Reuse(existing, cancellation));
            return;
        }

        await destination.Rehearse(null, client, cancellation);
        if (isDryRun)
        {
            say($"would create a runner '{wanted.Description}' of {scope} at {gitlab}, and {destination.Intent}");
            return;
        }

        var created = await Create(scope, wanted, cancellation);
        try
        {
            say(await destination.Keep(created.Id, created.Token!, cancellation));
        }
        catch (Exception e) when (e is ApiException or TokenException or IOException)
        {
            throw new TokenException($"{e.Message}; {await Undo(scope, created)}");
        }
    }

    private async Task<CreatedRunner> Create(RunnerScope scope, NewRunner wanted, CancellationToken cancellation)
    {
        try
        {
            var created = await client.Create(scope, wanted, cancellation);
            say($"created runner {created.Id} '{wanted.Description}' of {scope}");
            created.SayExpiry(say);
            return created;
        }
        catch (GitLabException e) when (e.Problem == GitLabProblem.NoAnswer)
        {
            throw new TokenException($"{e.Message} (if it was created nonetheless, the next token create finds it)");
        }
    }

    // No second copy of the token exists: without it the runner is of no use.
    private async Task<string> Undo(RunnerScope scope, CreatedRunner created)
    {
        try
        {
            await client.Delete(created.Id, scope, CancellationToken.None);
            return $"runner {created.Id} was removed again: correct that, and repeat the command";
        }
        catch (GitLabException e)
        {
            return $"runner {created.Id} could not be removed again ({e.Message}), and its token is lost: remove it with "
                + $"runner-webhook token remove --id {created.Id}, then repeat the command";
        }
    }

    private void SayDifference(RunnerEntry runner, NewRunner wanted)
    {
        var (existing, asked) = (Tags(runner.TagList), Tags(wanted.TagList));
        if (existing != asked)
        {
            say($"note: {runner} has the tags {existing}, not {asked}: token create does not change them, GitLab's pages do");
        }
    }

    private static string Tags(string[]? tags) =>
        tags is null or [] ? "(none)" : string.Join(',', tags.Order(StringComparer.Ordinal));
}
