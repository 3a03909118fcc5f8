using System.Collections.Immutable;
using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Tokens;

/// <summary>Lists runners, the processes that use their tokens, and the Secrets that keep them.</summary>
/// <param name="client">GitLab.</param>
/// <param name="gitlab">Its address.</param>
/// <param name="say">Prints a message to people.</param>
internal sealed class TokenList(GitLabClient client, Uri gitlab, Action<string> say)
{
    private const int CallsAtOnce = 8;

    /// <summary>Lists.</summary>
    /// <param name="scope">Whose runners; null for all that the user may see.</param>
    /// <param name="open">Opens the cluster.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ImmutableArray<TokenListRow>> Run((RunnerScopeKind Kind, string Path)? scope,
        Func<ApiClient> open, CancellationToken cancellation)
    {
        var runners = scope is var (kind, path)
            ? await client.List(await client.FindScope(kind, path, cancellation), _ => true, cancellation)
            : await client.ListAll(cancellation);
        var secrets = await Secrets(open, cancellation);
        var rows = ImmutableArray.CreateBuilder<TokenListRow>(runners.Length);
        foreach (var batch in runners.Chunk(CallsAtOnce))
        {
            rows.AddRange(await Task.WhenAll(batch.Select(async runner => new TokenListRow(runner,
                await client.Processes(runner.Id, cancellation),
                secrets.FirstOrDefault(secret => secret.IsOf(runner.Id, gitlab))?.DisplayName))));
        }

        return rows.ToImmutable();
    }

    // Without a cluster the list still shows the runners.
    private async Task<ImmutableArray<TokenSecret>> Secrets(Func<ApiClient> open, CancellationToken cancellation)
    {
        try
        {
            using var cluster = open();
            var options = new ListOptions { Labels = TokenSecret.Selector, MetadataOnly = true };
            var found = await cluster.List(ApiResource.Secrets, cluster.Namespace, options, cancellation);
            return [.. found.Items.Select(json => new TokenSecret(json))];
        }
        catch (ApiException e)
        {
            say($"note: the column SECRET is empty: {e.Message}");
            return [];
        }
    }
}
