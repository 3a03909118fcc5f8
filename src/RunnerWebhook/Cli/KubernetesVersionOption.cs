using System.CommandLine;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Cli;

/// <summary><c>--kubernetes-version</c>: what the cluster can do, for commands that do not ask it.</summary>
internal static class KubernetesVersionOption
{
    /// <summary>The option.</summary>
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--kubernetes-version")
        {
            Description = "The cluster's release; from 1.29 on engine dind is a native sidecar",
            HelpName = "MAJOR.MINOR",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && KubernetesVersion.TryParse(text) is null)
            {
                result.AddError($"{option.Name} is '{text}', but must be a release such as 1.31");
            }
        });
        return option;
    }

    /// <summary>The value given; null if there is none.</summary>
    public static KubernetesVersion? Of(ParseResult result, Option<string?> option) =>
        result.GetValue(option) is { } text ? KubernetesVersion.TryParse(text) : null;
}
