using System.CommandLine;
using System.CommandLine.Parsing;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary>The options of every command that talks to a cluster, named as kubectl names them.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "The kubeconfig; else $KUBECONFIG, ~/.kube/config, the pod's service account",
        HelpName = "FILE",
    };

    private readonly Option<string?> _context = new("--context")
    {
        Description = "The context of the kubeconfig, instead of the current one",
        HelpName = "NAME",
    };

    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "The namespace, instead of the context's own",
        HelpName = "NAME",
    };

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_kubeconfig);
        command.Options.Add(_context);
        command.Options.Add(_namespace);
    }

    /// <summary>Whether a namespace was given.</summary>
    public bool NamesNamespace(CommandResult result) => result.GetResult(_namespace) is not null;

    /// <summary>What was given.</summary>
    public ClusterChoice Read(ParseResult result) =>
        new(result.GetValue(_kubeconfig), Stated(result.GetValue(_context)), Stated(result.GetValue(_namespace)));

    // As kubectl has it.
    private static string? Stated(string? text) => text is { Length: > 0 } ? text : null;
}
