using System.CommandLine;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.GitLab;

namespace RunnerWebhook.Cli;

/// <summary>The options that pick a runner that is there: by its ID, or by its description.</summary>
internal sealed class TokenTarget
{
    private readonly Option<long?> _id = new("--id")
    {
        Description = "The runner, by its ID in GitLab",
        HelpName = "ID",
    };

    private readonly Option<string?> _description =
        TokenOptions.Text("--description", "The runner, by its description", "TEXT");

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

    /// <summary>How a person would say which runner is meant.</summary>
    /// <exception cref="TokenException">Nothing says which.</exception>
    public string Name(ParseResult result, RunnerProfile profile) => result.GetValue(_id) is { } id
        ? $"runner {id}"
        : $"runner '{Description(result, profile)}'";

    /// <summary>Finds it.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="profile">Supplies the description where the command line doesn't.</param>
    /// <param name="scope">Whose runner it is; for a runner that is named by its ID, this is not asked.</param>
    /// <param name="client">GitLab.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null where there is none.</returns>
    public async Task<RunnerEntry?> Find(ParseResult result, RunnerProfile profile,
        (RunnerScopeKind Kind, string Path)? scope, GitLabClient client, CancellationToken cancellation)
    {
        if (result.GetValue(_id) is { } id)
        {
            return await client.Find(id, cancellation);
        }

        var (kind, path) = scope ?? (RunnerScopeKind.Instance, "");
        var found = await client.FindScope(kind, path, cancellation);
        return await TokenCommand.Find(client, found, Description(result, profile), cancellation);
    }

    private string Description(ParseResult result, RunnerProfile profile) =>
        result.GetValue(_description) is { Length: > 0 } given ? given
        : profile.Register.TryGetValue("description", out var values) ? values[0]
        : throw TokenException.Usage("which runner is meant: --id, --description, or register.description of a profile "
            + "in --config");
}
