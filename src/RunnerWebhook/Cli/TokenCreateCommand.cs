using System.CommandLine;
using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary><c>token create</c>: a runner in GitLab, and its token in a Secret.</summary>
internal sealed class TokenCreateCommand(Terminal terminal)
{
    private readonly TokenRunnerOptions _runner = new();
    private readonly TokenOptions _options = new();
    private readonly TokenSecretOptions _secret = new();
    private readonly TokenPrint _print = new();
    private readonly Option<bool> _force = TokenCommand.Force();
    private readonly Option<bool> _dryRun = TokenCommand.DryRun();

    /// <summary>The command.</summary>
    public Command Create()
    {
        var command = new Command("create", "Create a runner in GitLab and write its token into a Secret; one that is "
            + "there already, by its description, is used again");
        _runner.AddTo(command);
        _options.AddTo(command);
        _secret.AddTo(command);
        _print.AddTo(command);
        command.Options.Add(_force);
        command.Options.Add(_dryRun);
        command.SetAction((result, cancellation) => TokenCommand.Run(terminal, () => Run(result, cancellation)));
        return command;
    }

    private async Task Run(ParseResult result, CancellationToken cancellation)
    {
        var profile = _options.Profile(result, _runner.Given(result), terminal);
        var (kind, path) = _options.Scope(result) ?? (RunnerScopeKind.Instance, "");
        var place = _secret.Read(result, profile);
        var description = TokenRunnerOptions.Describe(profile, RunnerScope.Instance).Description!;
        var options = _options.GitLab(result, profile, terminal);
        if (profile.Token.Value is not null)
        {
            terminal.Tell($"note: profile {profile.Name} states its token literally, so it makes no use of a Secret");
        }

        using var client = new GitLabClient(options, terminal.Tell);
        var scope = await client.FindScope(kind, path, cancellation);
        var runner = await TokenCommand.Find(client, scope, description, cancellation);
        var wanted = TokenRunnerOptions.Describe(profile, scope);
        if (runner is not null)
        {
            TellDifference(runner, wanted);
        }

        if (_print.IsAsked(result))
        {
            await Print(result, client, options, place, scope, runner, wanted, cancellation);
            return;
        }

        using var store = new TokenStore(place, options, result.GetValue(_force));
        var found = await store.Read(cancellation);
        if (runner is not null)
        {
            TellReuse(runner, store, found, place, options);
            return;
        }

        await store.Rehearse(found, null, client, cancellation);
        if (result.GetValue(_dryRun))
        {
            terminal.Tell($"would create a runner '{description}' of {scope} at {options.Url}, and write its token into "
                + $"{store}, key {place.Key}");
            return;
        }

        var created = await Make(client, scope, wanted, cancellation);
        await Keep(client, scope, created, () => store.Write(found, created.Id, created.Token!, cancellation));
        terminal.Tell($"wrote its token into {store}, key {place.Key}");
    }

    private async Task Print(ParseResult result, GitLabClient client, GitLabOptions options, TokenSecretPlace place,
        RunnerScope scope, RunnerEntry? runner, NewRunner wanted, CancellationToken cancellation)
    {
        if (runner is not null)
        {
            throw TokenException.Failed($"{runner} of {scope} is there already, and GitLab shows a token only once: give "
                + $"it another with runner-webhook token rotate --id {runner.Id} --print");
        }

        if (result.GetValue(_dryRun))
        {
            terminal.Tell($"would create a runner '{wanted.Description}' of {scope} at {options.Url}, "
                + "and print its Secret");
            return;
        }

        var created = await Make(client, scope, wanted, cancellation);
        await Keep(client, scope, created, () =>
        {
            var secret = TokenSecret.Manifest(place, place.Cluster.Namespace, options.Url, created.Id, created.Token!);
            _print.Print(result, secret, terminal);
            return Task.CompletedTask;
        });
    }

    private async Task<CreatedRunner> Make(GitLabClient client, RunnerScope scope, NewRunner wanted,
        CancellationToken cancellation)
    {
        CreatedRunner created;
        try
        {
            created = await client.Create(scope, wanted, cancellation);
        }
        catch (GitLabException e) when (e.Problem == GitLabProblem.NoAnswer)
        {
            throw TokenException.Failed($"{e.Message} (if it was created nonetheless, the next token create finds it)");
        }

        terminal.Tell($"created runner {created.Id} '{wanted.Description}' of {scope}");
        TokenCommand.TellExpiry(terminal, created);
        return created;
    }

    /// <summary>Keeps the token, of which there is no second copy; where that fails the runner is removed
    /// again.</summary>
    private static async Task Keep(GitLabClient client, RunnerScope scope, CreatedRunner created, Func<Task> keep)
    {
        try
        {
            await keep();
        }
        catch (Exception e) when (e is ApiException or TokenException or IOException)
        {
            throw TokenException.Failed($"{e.Message}; {await Undo(client, scope, created)}");
        }
    }

    private static async Task<string> Undo(GitLabClient client, RunnerScope scope, CreatedRunner created)
    {
        try
        {
            await client.Delete(created.Id, scope, CancellationToken.None);
            return $"runner {created.Id} was removed again, so that nothing is left over: put that right, and repeat the "
                + "command";
        }
        catch (GitLabException e)
        {
            return $"runner {created.Id} could not be removed again ({e.Message}), and nobody has its token: remove it with "
                + $"runner-webhook token remove --id {created.Id}, then repeat the command";
        }
    }

    private void TellReuse(RunnerEntry runner, TokenStore store, TokenSecret? found, TokenSecretPlace place,
        GitLabOptions options)
    {
        var rotate = $"runner-webhook token rotate --id {runner.Id}";
        if (found is null || (found.IsOf(runner.Id, options.Url) && !found.Has(place.Key)))
        {
            throw TokenException.Failed($"{runner} is there already, but {store} "
                + $"{(found is null ? "is not" : "has no key " + place.Key)}, and GitLab shows a token only once: "
                + $"give the runner another with {rotate}");
        }

        if (!found.IsOf(runner.Id, options.Url))
        {
            throw TokenException.Failed($"{runner} is there already, but {store} is not known to keep its token ("
                + (found.IsOurs ? $"it says runner {found.RunnerId} of {found.Url}" : "runner-webhook did not make it")
                + $"): name another with --secret-name, or give the runner another token with {rotate} --force");
        }

        terminal.Tell($"{runner} is there already, and so is {store}: nothing to do");
    }

    private void TellDifference(RunnerEntry runner, NewRunner wanted)
    {
        var (there, asked) = (Tags(runner.TagList), Tags(wanted.TagList));
        if (there != asked)
        {
            terminal.Tell($"note: {runner} has the tags {there}, not {asked}: change them in GitLab, "
                + "token create doesn't");
        }
    }

    private static string Tags(string[]? tags) =>
        tags is null or [] ? "(none)" : string.Join(',', tags.Order(StringComparer.Ordinal));
}
