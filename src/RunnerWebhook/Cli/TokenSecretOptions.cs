using System.CommandLine;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tokens;

namespace RunnerWebhook.Cli;

/// <summary>The Secret that a command line names.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Name">The Secret's name.</param>
/// <param name="Key">The key of the token.</param>
internal sealed record TokenSecretChoice(ClusterChoice Cluster, string Name, string Key)
{
    /// <summary>The place for the token of a runner of this GitLab.</summary>
    public TokenSecretPlace Place(Uri gitlab) => new(Cluster.Namespace, Name, Key, gitlab);
}

/// <summary>The options that name the Secret of a runner's token.</summary>
internal sealed class TokenSecretOptions
{
    private readonly ClusterOptions _cluster = new();
    private readonly Option<string?> _name = CommandOption.Text("--secret-name",
        "The Secret; by default the profile's token.secretName, which is gitlab-runner-token unless configured", "NAME");
    private readonly Option<string?> _key = CommandOption.Text("--secret-key",
        "The key in the Secret; by default the profile's token.secretKey, which is token unless configured", "KEY");

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        _cluster.AddTo(command);
        command.Options.Add(_name);
        command.Options.Add(_key);
    }

    /// <summary>The Secret: what was given, the rest from the profile.</summary>
    /// <exception cref="CommandException">No Secret can have such a name or key.</exception>
    public TokenSecretChoice Read(ParseResult result, RunnerProfile profile)
    {
        var name = result.GetValue(_name) ?? profile.Token.SecretName;
        var key = result.GetValue(_key) ?? profile.Token.SecretKey;
        return !KubernetesName.IsSubdomain(name)
            ? throw CommandException.Usage($"--secret-name is '{name}', but must be {KubernetesName.SubdomainRule}")
            : !KubernetesName.IsDataKey(key)
                ? throw CommandException.Usage($"--secret-key is '{key}', but must be {KubernetesName.DataKeyRule}")
                : new(_cluster.Read(result), name, key);
    }
}
