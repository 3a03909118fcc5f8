namespace RunnerWebhook.Core.Workloads;

/// <summary>Whether an object has a member.</summary>
public enum Presence
{
    /// <summary>There is no such member.</summary>
    Absent,

    /// <summary>The member is there and is JSON null, which Kubernetes reads as absent.</summary>
    Null,

    /// <summary>The member is there and has a value.</summary>
    Present,
}
