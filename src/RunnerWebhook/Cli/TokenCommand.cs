using System.CommandLine;
using System.Globalization;
using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary><c>token</c>: runners in GitLab, and the Secrets that keep their tokens.</summary>
internal static class TokenCommand
{
    /// <summary>The command with its verbs.</summary>
    public static Command Create(Terminal terminal) =>
        new("token", "Create runners in GitLab and keep their tokens in Secrets")
        {
            new TokenCreateCommand(terminal).Create(),
            new TokenRotateCommand(terminal).Create(),
            new TokenListCommand(terminal).Create(),
            new TokenRemoveCommand(terminal).Create(),
        };

    /// <summary><c>--dry-run</c>.</summary>
    public static Option<bool> DryRun() => new("--dry-run") { Description = "Look everything up, but change nothing" };

    /// <summary><c>--force</c>.</summary>
    public static Option<bool> Force() => new("--force")
    {
        Description = "Overwrite a Secret that somebody else made, or that keeps another runner's token",
    };

    /// <summary>Runs a verb, and turns failures into a sentence and an exit code.</summary>
    public static async Task<int> Run(Terminal terminal, Func<Task> verb)
    {
        try
        {
            await verb();
            return ExitCode.Fine;
        }
        catch (TokenException e)
        {
            terminal.Tell(e.Message);
            return e.ExitCode;
        }
        catch (Exception e) when (e is GitLabException or ApiException or IOException)
        {
            terminal.Tell(e.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>The runner of a scope with a description.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="TokenException">There are several.</exception>
    public static async Task<RunnerEntry?> Find(GitLabClient client, RunnerScope scope, string description,
        CancellationToken cancellation)
    {
        var runners = await client.List(scope, runner => runner.Description == description, cancellation);
        return runners.Length <= 1 ? runners.FirstOrDefault() : throw TokenException.Failed(
            $"{runners.Length} runners of {scope} are described '{description}' "
            + $"({string.Join(", ", runners.Select(runner => runner.Id))}): "
            + "name one with --id to rotate or remove it, so that one is left");
    }

    /// <summary>Warns of a token that ends.</summary>
    public static void TellExpiry(Terminal terminal, CreatedRunner created)
    {
        if (created.TokenExpiresAt is { } end)
        {
            terminal.Tell(string.Create(CultureInfo.InvariantCulture, $"note: the token expires at {end.UtcDateTime:u}, and a ")
                + "runner can't renew it in a read-only config.toml: run token rotate before, or let GitLab make tokens that "
                + "last");
        }
    }
}
