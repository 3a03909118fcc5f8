using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tokens;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Cli;

/// <summary>The options that say where the token of <c>token create</c> and <c>token rotate</c> goes.</summary>
internal sealed class TokenDestinationOptions
{
    private readonly Option<bool> _print = new("--print")
    {
        Description = "Print the Secret, including the token, instead of writing it to the cluster",
    };

    private readonly Option<string?> _output = CommandOption.Words("--output", "The same, in this format", "yaml", "json");

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Overwrite a Secret that runner-webhook did not create, or that keeps another runner's token",
    };

    private readonly Option<bool> _dryRun = CommandOption.DryRun();

    /// <summary>The Secret.</summary>
    public TokenSecretOptions Secret { get; } = new();

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        _output.Aliases.Add("-o");
        Secret.AddTo(command);
        foreach (var option in (Option[])[_print, _output, _force, _dryRun])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether nothing is to be changed.</summary>
    public bool IsDryRun(ParseResult result) => result.GetValue(_dryRun);

    /// <summary>The destination.</summary>
    /// <exception cref="ApiException">No cluster is configured.</exception>
    public ITokenDestination Open(ParseResult result, TokenSecretChoice secret, Uri gitlab, Terminal terminal)
    {
        var isJson = result.GetValue(_output) == "json";
        return result.GetValue(_print) || result.GetValue(_output) is not null
            ? new PrintedSecret(secret.Place(gitlab), json => terminal.Print(Text(json, isJson)))
            : new TokenStore(ClusterConnection.Open(secret.Cluster, terminal.Environment), secret.Place(gitlab),
                result.GetValue(_force));
    }

    private static string Text(JsonObject secret, bool isJson) =>
        isJson ? JsonOutput.Write(secret) : YamlWriter.Write(JsonElement.Parse(secret.ToJsonString()));
}
