using System.CommandLine;
using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary><c>token rotate</c>: another token for a runner, into its Secret.</summary>
internal sealed class TokenRotateCommand(Terminal terminal)
{
    private readonly TokenTarget _target = new();
    private readonly TokenOptions _options = new();
    private readonly TokenSecretOptions _secret = new();
    private readonly TokenPrint _print = new();
    private readonly Option<bool> _force = TokenCommand.Force();
    private readonly Option<bool> _dryRun = TokenCommand.DryRun();

    /// <summary>The command.</summary>
    public Command Create()
    {
        var command = new Command("rotate", "Give a runner another token and write that into its Secret; the old one "
            + "stops working at once");
        _target.AddTo(command);
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
        var profile = _options.Profile(result, [], terminal);
        var scope = _options.Scope(result);
        var place = _secret.Read(result, profile);
        var name = _target.Name(result, profile);
        var options = _options.GitLab(result, profile, terminal);
        using var client = new GitLabClient(options, terminal.Tell);
        var runner = await _target.Find(result, profile, scope, client, cancellation)
            ?? throw TokenException.Failed($"there is no {name} at {options.Url}: look with runner-webhook token list");
        if (_print.IsAsked(result))
        {
            await Print(result, client, options, place, runner, cancellation);
            return;
        }

        using var store = new TokenStore(place, options, result.GetValue(_force));
        var found = await store.Read(cancellation);
        await store.Rehearse(found, runner, client, cancellation);
        if (result.GetValue(_dryRun))
        {
            terminal.Tell($"would reset the token of {runner}, and write the new one into {store}, key {place.Key}");
            return;
        }

        var created = await Reset(client, runner, cancellation);
        await Keep(runner, () => store.Write(found, runner.Id, created.Token!, cancellation));
        terminal.Tell($"wrote the new token into {store}, key {place.Key}: what runs with the old one gets no more jobs "
            + $"until it is restarted (kubectl -n {store.Space} rollout restart …)");
    }

    private async Task Print(ParseResult result, GitLabClient client, GitLabOptions options, TokenSecretPlace place,
        RunnerEntry runner, CancellationToken cancellation)
    {
        if (result.GetValue(_dryRun))
        {
            terminal.Tell($"would reset the token of {runner}, and print its Secret");
            return;
        }

        var created = await Reset(client, runner, cancellation);
        await Keep(runner, () =>
        {
            var secret = TokenSecret.Manifest(place, place.Cluster.Namespace, options.Url, runner.Id, created.Token!);
            _print.Print(result, secret, terminal);
            return Task.CompletedTask;
        });
    }

    private async Task<CreatedRunner> Reset(GitLabClient client, RunnerEntry runner, CancellationToken cancellation)
    {
        CreatedRunner created;
        try
        {
            created = await client.ResetToken(runner.Id, runner.Scope, cancellation);
        }
        catch (GitLabException e) when (e.Problem == GitLabProblem.NoAnswer)
        {
            throw TokenException.Failed(
                $"{e.Message} (if it was reset nonetheless, the old token is dead: rotate again)");
        }

        terminal.Tell($"reset the token of {runner}");
        TokenCommand.TellExpiry(terminal, created);
        return created;
    }

    /// <summary>Keeps the token. There is no way back to the old one where that fails.</summary>
    private static async Task Keep(RunnerEntry runner, Func<Task> keep)
    {
        try
        {
            await keep();
        }
        catch (Exception e) when (e is ApiException or TokenException or IOException)
        {
            throw TokenException.Failed($"{e.Message}; the old token of {runner} is dead and the new one was not kept: put "
                + $"that right, and rotate again (runner-webhook token rotate --id {runner.Id})");
        }
    }
}
