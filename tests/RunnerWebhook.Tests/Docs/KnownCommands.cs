using System.Collections.Frozen;
using System.CommandLine;
using System.Text.RegularExpressions;
using RunnerWebhook.Cli;

namespace RunnerWebhook.Tests.Docs;

/// <summary>What is wrong with a command that a document shows: by the program's own parser, the verbs of <c>./dev</c>, and tables
/// of the other tools' verbs, resources and options.</summary>
internal static partial class KnownCommands
{
    private static readonly string[] Folders = ["charts-free-manifests", "src", "tests", "certs"];

    /// <summary>The verbs of the other tools that documents use.</summary>
    private static readonly FrozenDictionary<string, string[]> Verbs = new Dictionary<string, string[]>
    {
        ["argocd"] = ["app"],
        ["cosign"] = ["verify", "verify-attestation", "verify-blob"],
        ["crane"] = ["digest"],
        ["docker"] = ["build", "buildx", "info", "login", "push", "run", "version"],
        ["dotnet"] = ["run"],
        ["flux"] = ["diff", "reconcile"],
        ["gh"] = ["attestation", "release"],
        ["git"] = ["clone", "push", "tag"],
        ["gitlab-ctl"] = ["reconfigure"],
        ["gitlab-rails"] = ["runner"],
        ["openssl"] = ["rand", "req", "x509"],
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string[]> Kubectl = new Dictionary<string, string[]>
    {
        ["annotate"] = [],
        ["apply"] = [],
        ["auth"] = ["can-i"],
        ["create"] = ["configmap", "namespace", "secret"],
        ["delete"] = [],
        ["describe"] = [],
        ["diff"] = [],
        ["edit"] = [],
        ["exec"] = [],
        ["get"] = [],
        ["krew"] = ["install"],
        ["kustomize"] = [],
        ["label"] = [],
        ["logs"] = [],
        ["patch"] = [],
        ["port-forward"] = [],
        ["rollout"] = ["restart", "status", "undo"],
        ["replace"] = [],
        ["version"] = [],
        ["wait"] = [],
    }.ToFrozenDictionary();

    private static readonly string[] NeedResource = ["annotate", "delete", "describe", "edit", "get", "label", "patch"];

    private static readonly FrozenSet<string> Resources = new[]
    {
        "certificate", "certificates", "configmap", "configmaps", "daemonset", "daemonsets", "deployment", "deployments", "event",
        "events", "mutatingwebhookconfiguration", "mutatingwebhookconfigurations", "namespace", "namespaces", "node", "nodes", "pod",
        "pods", "endpointslices", "secret", "secrets", "service", "services", "validatingadmissionpolicybinding", "ns",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Options = new[]
    {
        "-A", "--all-namespaces", "-c", "--cert", "--context", "--dry-run", "-f", "--filename", "--follow", "--for", "--force-conflicts",
        "--from-file", "--from-literal", "--ignore-not-found", "-k", "--key", "--kubeconfig", "-l", "--selector", "-n", "--namespace",
        "-o", "--output", "--overwrite", "-p", "--patch", "--patch-file", "--previous", "--raw", "--server-side", "--show-managed-fields",
        "--sort-by", "--subresource", "--tail", "--timeout", "--type", "-w",
    }.ToFrozenSet();

    // These are followed by their value as a word of its own, unless it is joined by =.
    private static readonly string[] TakeValue = ["-c", "-f", "-k", "-l", "-n", "-o", "-p", "--context", "--filename", "--namespace",
        "--patch", "--patch-file", "--raw", "--selector", "--output", "--type", "--kubeconfig", "--tail", "--timeout", "--for"];

    /// <summary>What is wrong with a call; null if nothing is.</summary>
    public static string? ProblemOf(string[] call)
    {
        var missing = call.FirstOrDefault(word => Folders.Any(folder => word == folder || word.StartsWith(folder + "/", StringComparison.Ordinal))
            && !Path.Exists(Path.Combine(RepositoryFiles.Root, word)));
        return missing is not null ? $"{missing} does not exist" : call switch
        {
            ["runner-webhook", .. var rest] => OfProgram(rest),
            ["kubectl", "runner-webhook", .. var rest] => OfProgram(rest),
            ["dotnet", "run", "--project", "src/RunnerWebhook", "--", .. var rest] => OfProgram(rest),
            ["kubectl", .. var rest] => OfKubectl(rest),
            ["dev", var verb, ..] => DevVerb().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "dev")))
                .Any(match => match.Groups[1].Value == verb) ? null : $"./dev has no {verb}",
            ["sudo", .. var rest] => ProblemOf(rest),
            [var tool, var verb, ..] when Verbs.TryGetValue(tool, out var verbs) =>
                verbs.Contains(verb) ? null : $"{tool} {verb} is not among the known commands",
            _ => null,
        };
    }

    /// <summary>Whether words are only the name of a command of the program, as in a sentence about it.</summary>
    public static bool IsName(string[] call) => call is ["runner-webhook", .. var words]
        && words.Aggregate((Command?)Root(), (command, word) => command?.Subcommands.FirstOrDefault(sub => sub.Name == word)) is not null;

    private static RootCommand Root() => CommandLine.Root(new(Stream.Null, TextWriter.Null, TextWriter.Null));

    private static string? OfProgram(string[] arguments)
    {
        var errors = Root().Parse(arguments).Errors;
        return errors.Count == 0 ? null : string.Join("; ", errors.Select(error => error.Message));
    }

    private static string? OfKubectl(string[] arguments)
    {
        var unknown = arguments.TakeWhile(word => word != "--").FirstOrDefault(word => word.StartsWith('-') && word != "-"
            && !Options.Contains(word.Split('=')[0]));
        var words = arguments.Where((word, index) => !word.StartsWith('-') && (index == 0 || !TakeValue.Contains(arguments[index - 1]))).ToArray();
        if (unknown is not null || words.Length == 0 || !Kubectl.TryGetValue(words[0], out var verbs))
        {
            return $"kubectl {unknown ?? words.FirstOrDefault()} is not among the known commands and options";
        }

        if (verbs.Length > 0 && !verbs.Contains(words.ElementAtOrDefault(1)))
        {
            return $"kubectl {words[0]} {words.ElementAtOrDefault(1)} is not among the known commands";
        }

        var named = NeedResource.Contains(words[0]) ? words.ElementAtOrDefault(1) : words[0] == "rollout" ? words.ElementAtOrDefault(2) : null;
        return named is null || named.Split(',').All(resource => Resources.Contains(resource.Split('/')[0]))
            ? null : $"kubectl {words[0]}: {named} is not among the known resources";
    }

    [GeneratedRegex(@"^  ([a-z]+)\)", RegexOptions.Multiline)]
    private static partial Regex DevVerb();
}
