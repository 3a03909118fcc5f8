namespace RunnerWebhook.Kubernetes;

/// <summary>Which cluster is meant: what the command line says, and else what kubectl would take.</summary>
/// <param name="Kubeconfig">The kubeconfig file; null for those of <c>KUBECONFIG</c>, else <c>~/.kube/config</c>, else
/// the service account of the pod this runs in.</param>
/// <param name="Context">The context; null for the current one.</param>
/// <param name="Namespace">The namespace; null for the context's own.</param>
internal sealed record ClusterChoice(string? Kubeconfig = null, string? Context = null, string? Namespace = null);
