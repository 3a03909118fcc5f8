using RunnerWebhook.GitLab;

namespace RunnerWebhook.Tokens;

/// <summary>Which existing runner is meant: by its ID, or by its description among the runners of a scope.</summary>
/// <param name="Id">The ID; null to look for the description.</param>
/// <param name="Description">The description; empty with an ID.</param>
/// <param name="Kind">The kind of the scope; ignored with an ID.</param>
/// <param name="Path">The ID or path of the group or project; empty for the instance.</param>
internal sealed record RunnerQuery(long? Id, string Description, RunnerScopeKind Kind, string Path)
{
    /// <summary>As in <c>runner 12</c> or <c>runner 'Docker'</c>.</summary>
    public override string ToString() => Id is { } id ? $"runner {id}" : $"runner '{Description}'";

    /// <summary>Finds the runner.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="TokenException">Several have the description.</exception>
    public async Task<RunnerEntry?> Find(GitLabClient client, CancellationToken cancellation) => Id is { } id
        ? await client.Find(id, cancellation)
        : await Find(client, await client.FindScope(Kind, Path, cancellation), Description, cancellation);

    /// <summary>The runner of a scope with a description.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="TokenException">Several have the description.</exception>
    public static async Task<RunnerEntry?> Find(GitLabClient client, RunnerScope scope, string description,
        CancellationToken cancellation)
    {
        var runners = await client.List(scope, runner => runner.Description == description, cancellation);
        return runners.Length <= 1 ? runners.FirstOrDefault() : throw new TokenException(
            $"{runners.Length} runners of {scope} are described '{description}' "
            + $"({string.Join(", ", runners.Select(runner => runner.Id))}): "
            + "name one with --id to rotate or remove it, so that one is left");
    }
}
