using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Tokens;

/// <summary>Deletes a runner in GitLab, and the Secret that keeps its token.</summary>
/// <param name="client">GitLab.</param>
/// <param name="gitlab">Its address.</param>
/// <param name="store">The Secret; null to leave the cluster alone.</param>
/// <param name="say">Prints a message to people.</param>
internal sealed class TokenRemoval(GitLabClient client, Uri gitlab, TokenStore? store, Action<string> say)
{
    /// <summary>Removes.</summary>
    /// <param name="query">The runner.</param>
    /// <param name="isDryRun">Whether nothing is to be changed.</param>
    /// <param name="confirm">Asks for confirmation; null if none is needed.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task Run(RunnerQuery query, bool isDryRun, Func<string, bool>? confirm, CancellationToken cancellation)
    {
        var runner = await query.Find(client, cancellation);
        var secret = store is not null && await IsItsSecret(store, runner, cancellation) ? store : null;
        var objects = string.Join(" and ", new[] { runner?.ToString(), secret?.ToString() }.OfType<string>());
        if (objects.Length == 0)
        {
            say($"there is no {query} at {gitlab}: nothing to do");
        }
        else if (isDryRun)
        {
            say($"would delete {objects}");
        }
        else if (confirm is null || confirm($"Delete {objects}{await Use(runner, cancellation)}? [y/N]"))
        {
            await Delete(runner, secret, cancellation);
        }
        else
        {
            throw new TokenException("nothing was deleted");
        }
    }

    /// <summary>Whether the Secret keeps the runner's token, or that of a runner that no longer exists.</summary>
    private async Task<bool> IsItsSecret(TokenStore place, RunnerEntry? runner, CancellationToken cancellation)
    {
        var secret = await place.Read(cancellation);
        if (secret is null)
        {
            return false;
        }

        var isIts = secret is { IsOurs: true, RunnerId: { } id } && secret.IsOf(id, gitlab)
            && (runner is null ? await client.Find(id, cancellation) is null : runner.Id == id);
        if (!isIts)
        {
            say($"note: {place} stays: it does not say that it keeps this runner's token");
        }

        return isIts;
    }

    private async Task<string> Use(RunnerEntry? runner, CancellationToken cancellation)
    {
        var processes = runner is null ? null : await client.Processes(runner.Id, cancellation);
        var online = processes?.Count(process => process.Status == "online") ?? 0;
        return online == 0 ? "" : $" (managers online now: {online})";
    }

    // The runner first: a working token without its Secret would be worse than a Secret with a dead token.
    private async Task Delete(RunnerEntry? runner, TokenStore? secret, CancellationToken cancellation)
    {
        if (runner is not null)
        {
            await client.Delete(runner.Id, runner.Scope, cancellation);
            say($"deleted {runner}");
        }

        if (secret is null)
        {
            return;
        }

        try
        {
            await secret.Delete(cancellation);
            say($"deleted {secret}");
        }
        catch (ApiException e)
        {
            throw new TokenException($"{secret}, which keeps a dead token, could not be deleted: {e.Message}");
        }
    }
}
