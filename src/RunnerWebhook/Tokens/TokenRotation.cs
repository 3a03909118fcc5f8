using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Tokens;

/// <summary>Gives a runner a new token and keeps it; the old one stops working at once.</summary>
/// <param name="client">GitLab.</param>
/// <param name="destination">Where the token goes.</param>
/// <param name="say">Prints a message to people.</param>
internal sealed class TokenRotation(GitLabClient client, ITokenDestination destination, Action<string> say)
{
    /// <summary>Rotates.</summary>
    /// <param name="runner">The runner.</param>
    /// <param name="isDryRun">Whether nothing is to be changed.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task Run(RunnerEntry runner, bool isDryRun, CancellationToken cancellation)
    {
        await destination.Rehearse(runner, client, cancellation);
        if (isDryRun)
        {
            say($"would reset the token of {runner}, and {destination.Intent}");
            return;
        }

        var created = await Reset(runner, cancellation);
        try
        {
            say(await destination.Keep(runner.Id, created.Token!, cancellation));
            say("runners that use the old token get no jobs until they are restarted (kubectl rollout restart …)");
        }
        catch (Exception e) when (e is ApiException or TokenException or IOException)
        {
            // The old token can't be brought back.
            throw new TokenException($"{e.Message}; the old token of {runner} is dead and the new one is lost: correct "
                + $"that, and rotate again (runner-webhook token rotate --id {runner.Id})");
        }
    }

    private async Task<CreatedRunner> Reset(RunnerEntry runner, CancellationToken cancellation)
    {
        try
        {
            var created = await client.ResetToken(runner.Id, runner.Scope, cancellation);
            say($"reset the token of {runner}");
            created.SayExpiry(say);
            return created;
        }
        catch (GitLabException e) when (e.Problem == GitLabProblem.NoAnswer)
        {
            throw new TokenException($"{e.Message} (if it was reset nonetheless, the old token is dead: rotate again)");
        }
    }
}
