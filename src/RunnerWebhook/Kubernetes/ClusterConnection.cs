namespace RunnerWebhook.Kubernetes;

/// <summary>Finds the cluster that is meant, in kubectl's order.</summary>
internal static class ClusterConnection
{
    /// <summary>A client of the cluster; nothing is sent yet.</summary>
    /// <param name="choice">What the command line says.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <exception cref="ApiException">No cluster is configured, or its configuration can't be used.</exception>
    public static ApiClient Open(ClusterChoice choice, Func<string, string?> environment) =>
        new(Find(choice, environment));

    /// <summary>How the cluster is reached.</summary>
    /// <param name="choice">What the command line says.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="podFolder">Where kubelet mounts a pod's service account.</param>
    /// <exception cref="ApiException">No cluster is configured, or its configuration can't be used.</exception>
    public static ClusterCredentials Find(ClusterChoice choice, Func<string, string?> environment,
        string podFolder = PodCredentials.Folder)
    {
        var found = Kubeconfigs(choice, environment) is { Length: > 0 } files
            ? KubeconfigCredentials.Read(files, choice.Context)
            : choice.Context is null ? PodCredentials.Find(environment, podFolder) : null;
        if (found is null)
        {
            throw new ApiException(ApiProblem.NotConfigured, "no cluster is configured: name a kubeconfig with "
                + "--kubeconfig or KUBECONFIG, or run in a pod whose service account's token is mounted");
        }

        return choice.Namespace is null ? found : found with { Namespace = choice.Namespace };
    }

    private static string[] Kubeconfigs(ClusterChoice choice, Func<string, string?> environment)
    {
        if (choice.Kubeconfig is not null)
        {
            return File.Exists(choice.Kubeconfig) ? [choice.Kubeconfig]
                : throw new ApiException(ApiProblem.NotConfigured, $"there is no kubeconfig {choice.Kubeconfig}");
        }

        // As kubectl does: files that are not there are passed over.
        var named = environment("KUBECONFIG") is { Length: > 0 } list
            ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [Path.Combine(environment(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") ?? "/", ".kube", "config")];
        return [.. named.Where(File.Exists)];
    }
}
