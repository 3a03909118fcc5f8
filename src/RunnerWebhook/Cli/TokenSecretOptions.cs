using System.CommandLine;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary>The options that say which Secret keeps a runner's token.</summary>
internal sealed class TokenSecretOptions
{
    private readonly ClusterOptions _cluster = new();
    private readonly Option<string?> _name = TokenOptions.Text("--secret-name",
        "The Secret; else the profile's token.secretName, which is gitlab-runner-token where nothing else is said",
        "NAME");
    private readonly Option<string?> _key = TokenOptions.Text("--secret-key",
        "The key in the Secret; else the profile's token.secretKey, which is token where nothing else is said", "KEY");

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        _cluster.AddTo(command);
        command.Options.Add(_name);
        command.Options.Add(_key);
    }

    /// <summary>What was given, the rest from the profile.</summary>
    /// <exception cref="TokenException">No Secret can have such a name or key.</exception>
    public TokenSecretPlace Read(ParseResult result, RunnerProfile profile)
    {
        var name = result.GetValue(_name) ?? profile.Token.SecretName;
        var key = result.GetValue(_key) ?? profile.Token.SecretKey;
        return !KubernetesName.IsSubdomain(name)
            ? throw TokenException.Usage($"--secret-name is '{name}', but must be {KubernetesName.SubdomainRule}")
            : !KubernetesName.IsDataKey(key)
                ? throw TokenException.Usage($"--secret-key is '{key}', but must be {KubernetesName.DataKeyRule}")
                : new(_cluster.Read(result), name, key);
    }
}
