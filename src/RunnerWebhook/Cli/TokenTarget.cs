using System.CommandLine;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.GitLab;
using RunnerWebhook.Tokens;

namespace RunnerWebhook.Cli;

/// <summary>The options that name an existing runner: by its ID, or by its description.</summary>
internal sealed class TokenTarget
{
    private readonly Option<long?> _id = new("--id") { Description = "The runner, by its ID in GitLab", HelpName = "ID" };

    private readonly Option<string?> _description =
        CommandOption.Text("--description", "The runner, by its description", "TEXT");

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_id);
        command.Options.Add(_description);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_id) is not null && result.GetResult(_description) is not null)
            {
                result.AddError("--id and --description exclude each other");
            }
        });
    }

    /// <summary>The runner that is meant.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="profile">Supplies the description if the command line does not.</param>
    /// <param name="scope">Whose runner it is; ignored with an ID.</param>
    /// <exception cref="CommandException">Neither names one.</exception>
    public RunnerQuery Read(ParseResult result, RunnerProfile profile, (RunnerScopeKind Kind, string Path)? scope)
    {
        var id = result.GetValue(_id);
        var (kind, path) = scope ?? (RunnerScopeKind.Instance, "");
        return new(id, id is null ? Description(result, profile) : "", kind, path);
    }

    private string Description(ParseResult result, RunnerProfile profile) =>
        result.GetValue(_description) is { Length: > 0 } given ? given
        : profile.Register.TryGetValue("description", out var values) ? values[0]
        : throw CommandException.Usage("name the runner: with --id, --description, or register.description of a profile in "
            + "--config");
}
