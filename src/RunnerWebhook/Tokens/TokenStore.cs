using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Tokens;

/// <summary>The Secret that keeps a runner's token in the cluster. Without <c>--force</c> it replaces neither a Secret that
/// this program did not create nor the token of another runner.</summary>
/// <param name="cluster">The cluster; disposed of with the store.</param>
/// <param name="place">The Secret.</param>
/// <param name="isForced">Whether <c>--force</c> was given.</param>
internal sealed class TokenStore(ApiClient cluster, TokenSecretPlace place, bool isForced) : ITokenDestination
{
    private const string Placeholder = "placeholder";
    private const int MaxTries = 3;

    private readonly string _namespace = place.Namespace ?? cluster.Namespace;

    // The Secret as the rehearsal found it.
    private TokenSecret? _found;

    /// <summary>As in <c>Secret team/gitlab-runner-token</c>.</summary>
    public override string ToString() => $"Secret {_namespace}/{place.Name}";

    public string Intent => $"write its token into {this}, key {place.Key}";

    /// <summary>Reads the Secret.</summary>
    /// <returns>Null if it does not exist.</returns>
    public async Task<TokenSecret?> Read(CancellationToken cancellation) =>
        await cluster.Find(ApiResource.Secrets, _namespace, place.Name, cancellation) is { } json ? new(json) : null;

    public async Task<string> Reuse(RunnerEntry runner, CancellationToken cancellation)
    {
        var rotate = $"runner-webhook token rotate --id {runner.Id}";
        var found = await Read(cancellation);
        if (found is null || (found.IsOf(runner.Id, place.GitLab) && !found.Has(place.Key)))
        {
            throw new TokenException($"{runner} already exists, but {this} "
                + $"{(found is null ? "does not" : "has no key " + place.Key)}, and GitLab shows a token only once: "
                + $"give the runner a new one with {rotate}");
        }

        if (!found.IsOf(runner.Id, place.GitLab))
        {
            throw new TokenException($"{runner} already exists, but {this} does not say that it keeps its token ("
                + (found.IsOurs ? $"it says runner {found.RunnerId} of {found.Url}" : "runner-webhook did not create it")
                + $"): name another with --secret-name, or give the runner a new token with {rotate} --force");
        }

        return $"{runner} already exists, and so does {this}: nothing to do";
    }

    public async Task Rehearse(RunnerEntry? runner, GitLabClient client, CancellationToken cancellation)
    {
        _found = await Read(cancellation);
        if (_found is { } found && !isForced && Obstacle(found, runner?.Id) is { } obstacle)
        {
            var isOfAnotherRunner = found.IsOurs && found.RunnerId is { } id && found.IsOf(id, place.GitLab);
            if (!isOfAnotherRunner || await client.Find(found.RunnerId!.Value, cancellation) is not null)
            {
                throw new TokenException(obstacle);
            }
        }

        await Send(_found, runner?.Id ?? 0, Placeholder, isRehearsal: true, cancellation);
    }

    public async Task<string> Keep(long runnerId, string token, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await Send(_found, runnerId, token, isRehearsal: false, cancellation);
                return $"wrote its token into {this}, key {place.Key}";
            }
            catch (ApiException e) when (e.Problem == ApiProblem.Conflict && tries < MaxTries)
            {
                // Another client created or changed the Secret since the rehearsal: judge what is there now.
                _found = await Read(cancellation);
                if (_found is { } found && !isForced && Obstacle(found, runnerId) is { } obstacle)
                {
                    throw new TokenException(obstacle);
                }
            }
        }
    }

    /// <summary>Deletes the Secret.</summary>
    public Task Delete(CancellationToken cancellation) =>
        cluster.Delete(ApiResource.Secrets, _namespace, place.Name, cancellation);

    public void Dispose() => cluster.Dispose();

    private string? Obstacle(TokenSecret found, long? runnerId) =>
        !found.IsOurs ? $"{this} exists, and runner-webhook did not create it: name another with --secret-name, or "
            + "overwrite it with --force"
        : found.RunnerId is { } other && !(runnerId is { } id && found.IsOf(id, place.GitLab))
            ? $"{this} keeps the token of runner {other} of {found.Url}: name another with --secret-name, or overwrite "
                + "it with --force"
        : null;

    private Task<ApiAnswer> Send(TokenSecret? found, long runnerId, string token, bool isRehearsal,
        CancellationToken cancellation)
    {
        var secret = found is null
            ? TokenSecret.Manifest(place with { Namespace = _namespace }, runnerId, token)
            : found.With(place, runnerId, token);
        var options = new WriteOptions { DryRun = isRehearsal };
        return found is null
            ? cluster.Create(ApiResource.Secrets, _namespace, secret, options, cancellation)
            : cluster.Replace(ApiResource.Secrets, _namespace, place.Name, secret, options, cancellation);
    }
}
