using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary>The Secret that keeps a runner's token, in the cluster. Nothing is written over that somebody else made, or
/// that keeps another runner's token, unless it is forced.</summary>
/// <param name="place">Which Secret.</param>
/// <param name="gitlab">The GitLab of the runner.</param>
/// <param name="isForced">Whether <c>--force</c> was given.</param>
internal sealed class TokenStore(TokenSecretPlace place, GitLabOptions gitlab, bool isForced) : IDisposable
{
    private const string Placeholder = "placeholder";
    private const int MaxTries = 3;

    private readonly KubernetesClient _cluster = ClusterConnection.Open(place.Cluster);

    /// <summary>As it reads in a sentence: <c>Secret team/gitlab-runner-token</c>.</summary>
    public override string ToString() => $"Secret {Space}/{place.Name}";

    /// <summary>The namespace.</summary>
    public string Space => _cluster.Namespace;

    /// <summary>Reads it.</summary>
    /// <returns>Null where there is none.</returns>
    public async Task<TokenSecret?> Read(CancellationToken cancellation) =>
        await _cluster.Find(ApiResource.Secrets, Space, place.Name, cancellation) is { } json ? new(json) : null;

    /// <summary>Makes sure that a token can be written later, before there is one that could be lost: that nothing
    /// stands in the way, and that the API server would take it.</summary>
    /// <param name="found">What <see cref="Read"/> found.</param>
    /// <param name="runner">The runner; null for one that is yet to be made.</param>
    /// <param name="client">Tells whether the runner of an older token is still there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TokenException">Something stands in the way.</exception>
    public async Task Rehearse(TokenSecret? found, RunnerEntry? runner, GitLabClient client,
        CancellationToken cancellation)
    {
        if (found is not null && !isForced && Obstacle(found, runner?.Id) is { } obstacle)
        {
            var isOfAnotherRunner = found.IsOurs && found.RunnerId is { } id && found.IsOf(id, gitlab.Url);
            if (!isOfAnotherRunner || await client.Find(found.RunnerId!.Value, cancellation) is not null)
            {
                throw TokenException.Failed(obstacle);
            }
        }

        await Send(found, runner?.Id ?? 0, Placeholder, isRehearsal: true, cancellation);
    }

    /// <summary>Writes a token.</summary>
    /// <param name="found">What <see cref="Read"/> found.</param>
    /// <param name="runnerId">Whose token it is.</param>
    /// <param name="token">The token.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task Write(TokenSecret? found, long runnerId, string token, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await Send(found, runnerId, token, isRehearsal: false, cancellation);
                return;
            }
            catch (ApiException e) when (e.Problem == ApiProblem.Conflict && tries < MaxTries)
            {
                // Somebody made or changed it in between: judge what is there now.
                found = await Read(cancellation);
                if (found is not null && !isForced && Obstacle(found, runnerId) is { } obstacle)
                {
                    throw TokenException.Failed(obstacle);
                }
            }
        }
    }

    /// <summary>Deletes it.</summary>
    public Task Delete(CancellationToken cancellation) =>
        _cluster.Delete(ApiResource.Secrets, Space, place.Name, cancellation);

    public void Dispose() => _cluster.Dispose();

    private string? Obstacle(TokenSecret found, long? runnerId) =>
        !found.IsOurs ? $"{this} is there, and was not made by runner-webhook: name another with --secret-name, or "
            + "overwrite it with --force"
        : found.RunnerId is { } other && !(runnerId is { } id && found.IsOf(id, gitlab.Url))
            ? $"{this} keeps the token of runner {other} of {found.Url}: name another with --secret-name, or overwrite "
                + "it with --force"
        : null;

    private Task<ApiAnswer> Send(TokenSecret? found, long runnerId, string token, bool isRehearsal,
        CancellationToken cancellation)
    {
        var secret = found is null
            ? TokenSecret.Manifest(place, Space, gitlab.Url, runnerId, token)
            : found.With(place, gitlab.Url, runnerId, token);
        var options = new WriteOptions { DryRun = isRehearsal };
        return found is null
            ? _cluster.Create(ApiResource.Secrets, Space, secret, options, cancellation)
            : _cluster.Replace(ApiResource.Secrets, Space, place.Name, secret, options, cancellation);
    }
}
