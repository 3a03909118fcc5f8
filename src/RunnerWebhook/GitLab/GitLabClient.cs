using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RunnerWebhook.GitLab;

/// <summary>The runners in GitLab's REST API. Everything throws
/// <see cref="GitLabException"/>.</summary>
/// <param name="options">The GitLab and the user.</param>
/// <param name="say">Prints a message to the person who waits.</param>
internal sealed class GitLabClient(GitLabOptions options, Action<string> say) : IDisposable
{
    private readonly GitLabTransport _transport = new(options, say);

    /// <summary>A group or a project by its ID or path.</summary>
    public async Task<RunnerScope> FindScope(RunnerScopeKind kind, string path, CancellationToken cancellation)
    {
        if (kind == RunnerScopeKind.Instance)
        {
            return RunnerScope.Instance;
        }

        var noun = kind == RunnerScopeKind.Group ? "group" : "project";
        // An ID needs no lookup, which the scope create_runner would not permit.
        if (long.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return new(kind, id, path);
        }

        var call = new GitLabCall($"looking up {noun} {path}")
        {
            ScopesNeeded = "read_api (or name the " + noun + " by its ID)",
            WhenNotFound = $"there is no {noun} {path}, or the user of the access token may not see it",
        };
        var (found, _) = await _transport.Call(call, HttpMethod.Get, $"{noun}s/{Uri.EscapeDataString(path)}", null,
            GitLabJson.Default.OwnerEntry, cancellation);
        return new(kind, found.Id, path);
    }

    /// <summary>Creates a runner.</summary>
    public async Task<CreatedRunner> Create(RunnerScope scope, NewRunner runner, CancellationToken cancellation)
    {
        var call = new GitLabCall($"creating a runner of {scope}")
        {
            ScopesNeeded = "create_runner",
            RightNeeded = scope.RightNeeded,
            WhenNotFound = "GitLab can create runners by its API since 16.0: upgrade it, or use a registration token",
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(runner with
        {
            GroupId = scope.Kind == RunnerScopeKind.Group ? scope.Id : null,
            ProjectId = scope.Kind == RunnerScopeKind.Project ? scope.Id : null,
        }, GitLabJson.Default.NewRunner);
        return await WithToken(call, "user/runners", body, cancellation);
    }

    /// <summary>Gives a runner a new token; the old one stops working at once.</summary>
    public Task<CreatedRunner> ResetToken(long id, RunnerScope scope, CancellationToken cancellation) =>
        WithToken(About("resetting the token of", id, scope), PathOf(id) + "/reset_authentication_token", null,
            cancellation);

    /// <summary>Deletes a runner with all its managers.</summary>
    public Task Delete(long id, RunnerScope scope, CancellationToken cancellation) =>
        _transport.Call(About("deleting", id, scope), HttpMethod.Delete, PathOf(id), cancellation);

    /// <summary>One runner.</summary>
    /// <returns>Null if there is none.</returns>
    public async Task<RunnerEntry?> Find(long id, CancellationToken cancellation)
    {
        try
        {
            return await Get(About("reading", id, null), PathOf(id), GitLabJson.Default.RunnerEntry, cancellation);
        }
        catch (GitLabException e) when (e.Problem == GitLabProblem.NotFound)
        {
            return null;
        }
    }

    /// <summary>The runners of a scope, with their details, that meet a condition on what lists contain.</summary>
    public async Task<ImmutableArray<RunnerEntry>> List(RunnerScope scope, Func<RunnerEntry, bool> isWanted,
        CancellationToken cancellation)
    {
        var call = new GitLabCall($"listing the runners of {scope}")
        {
            ScopesNeeded = "read_api",
            RightNeeded = scope.RightNeeded,
            WhenNotFound = $"there is no {scope}, or the user of the access token may not see it",
        };
        var details = await Details((await Pages(call, scope.ListPath, cancellation)).Where(isWanted), cancellation);
        return [.. details.Where(runner => runner.BelongsTo(scope))];
    }

    /// <summary>All runners that the user may see: an administrator all, others those they own.</summary>
    public async Task<ImmutableArray<RunnerEntry>> ListAll(CancellationToken cancellation)
    {
        var call = new GitLabCall("listing runners");
        IEnumerable<RunnerEntry> runners;
        try
        {
            runners = await Pages(call, "runners/all", cancellation);
        }
        catch (GitLabException e) when (e.Problem == GitLabProblem.Forbidden)
        {
            say("only an administrator sees all runners: these are the ones that the access token's user owns");
            runners = await Pages(call, "runners", cancellation);
        }

        return await Details(runners, cancellation);
    }

    /// <summary>The processes that use a runner's token.</summary>
    /// <returns>Null if this GitLab does not say.</returns>
    public async Task<ImmutableArray<RunnerProcess>?> Processes(long id, CancellationToken cancellation)
    {
        try
        {
            var found = await Get(About("reading the managers of", id, null), PathOf(id) + "/managers",
                GitLabJson.Default.RunnerProcessArray, cancellation);
            return [.. found.OfType<RunnerProcess>()];
        }
        catch (GitLabException e) when (e.Problem is GitLabProblem.NotFound or GitLabProblem.Forbidden)
        {
            return null;
        }
    }

    public void Dispose() => _transport.Dispose();

    private static string PathOf(long id) => $"runners/{id}";

    private static GitLabCall About(string verb, long id, RunnerScope? scope) =>
        new($"{verb} runner {id}")
        {
            ScopesNeeded = "manage_runner",
            RightNeeded = scope?.RightNeeded ?? "the user of the access token may not see this runner",
            WhenNotFound = "there is no such runner, or it has been removed",
        };

    private async Task<CreatedRunner> WithToken(GitLabCall call, string path, byte[]? body,
        CancellationToken cancellation)
    {
        var (created, _) = await _transport.Call(call, HttpMethod.Post, path, body, GitLabJson.Default.CreatedRunner,
            cancellation);
        return !string.IsNullOrWhiteSpace(created.Token) ? created : throw new GitLabException(GitLabProblem.Refused,
            $"{call.What}: {options.Url} answered without a token: is it GitLab?");
    }

    private async Task<T> Get<T>(GitLabCall call, string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        (await _transport.Call(call, HttpMethod.Get, path, null, type, cancellation)).Body;

    private async Task<List<RunnerEntry>> Pages(GitLabCall call, string path, CancellationToken cancellation)
    {
        var all = new List<RunnerEntry>();
        for (int? page = 1; page is not null;)
        {
            var query = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}per_page=100&page={page}";
            var (runners, next) = await _transport.Call(call, HttpMethod.Get, query, null,
                GitLabJson.Default.RunnerEntryArray, cancellation);
            all.AddRange(runners.OfType<RunnerEntry>());
            page = next > page ? next : null;
        }

        return all;
    }

    // List responses omit tags and owners, and include runners whose details the user may not read. A runner that is
    // deleted meanwhile is left out.
    private async Task<ImmutableArray<RunnerEntry>> Details(IEnumerable<RunnerEntry> runners,
        CancellationToken cancellation)
    {
        var details = ImmutableArray.CreateBuilder<RunnerEntry>();
        foreach (var batch in runners.OrderBy(runner => runner.Id).Chunk(8))
        {
            var found = await Task.WhenAll(batch.Select(runner => Allowed(() => Find(runner.Id, cancellation), runner)));
            details.AddRange(found.OfType<RunnerEntry>());
        }

        return details.ToImmutable();
    }

    private static async Task<RunnerEntry?> Allowed(Func<Task<RunnerEntry?>> find, RunnerEntry otherwise)
    {
        try
        {
            return await find();
        }
        catch (GitLabException e) when (e.Problem == GitLabProblem.Forbidden)
        {
            return otherwise;
        }
    }
}
