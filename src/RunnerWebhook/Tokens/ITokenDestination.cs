using RunnerWebhook.GitLab;

namespace RunnerWebhook.Tokens;

/// <summary>Where the token of a runner goes: a Secret in the cluster, or standard output.</summary>
internal interface ITokenDestination : IDisposable
{
    /// <summary>What <see cref="Keep"/> will do, as in <c>write its token into Secret team/x, key token</c>.</summary>
    string Intent { get; }

    /// <summary>A sentence that says that the token of a runner is here already, so that nothing is to be done.</summary>
    /// <exception cref="TokenException">It is not, and GitLab shows a token only once.</exception>
    Task<string> Reuse(RunnerEntry runner, CancellationToken cancellation);

    /// <summary>Makes sure, before there is a token that could be lost, that it can be kept.</summary>
    /// <param name="runner">The runner; null for one that is yet to be created.</param>
    /// <param name="client">Says whether the runner of an older token still exists.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TokenException">Something is in the way.</exception>
    Task Rehearse(RunnerEntry? runner, GitLabClient client, CancellationToken cancellation);

    /// <summary>Keeps a token.</summary>
    /// <returns>A sentence that says what was done.</returns>
    Task<string> Keep(long runnerId, string token, CancellationToken cancellation);
}
