namespace RunnerWebhook.Core.PodSecurity;

/// <summary>A level of the Pod Security Standards. Source: Kubernetes, "Pod Security Standards".</summary>
public enum PodSecurityLevel
{
    /// <summary>Refuses nothing.</summary>
    Privileged,

    /// <summary>Refuses known ways to the node: <c>hostPath</c>, privileged containers, host namespaces.</summary>
    Baseline,

    /// <summary>Baseline, and requires containers to give up what they don't need.</summary>
    Restricted,
}
