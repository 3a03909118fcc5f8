namespace RunnerWebhook.Check;

/// <summary>What is to be checked.</summary>
/// <param name="Installation">The namespace of the webhook itself.</param>
/// <param name="Namespace">The namespace whose workloads are looked at; null for all.</param>
/// <param name="Probe">The namespace of the Pod that is sent as a dry run.</param>
internal sealed record CheckScope(string Installation, string? Namespace, string Probe)
{
    /// <summary>Where the workloads are, in words.</summary>
    public string Where => Namespace is null ? "in all namespaces" : $"in namespace {Namespace}";
}
