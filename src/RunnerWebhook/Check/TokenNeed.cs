using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Check;

/// <summary>A key of a Secret that workloads take their token from.</summary>
/// <param name="Namespace">The Secret's namespace.</param>
/// <param name="Secret">Its name.</param>
/// <param name="Key">The key.</param>
/// <param name="Owner">A workload that needs it.</param>
/// <param name="InitContainer">The init container that registers with it.</param>
internal sealed record TokenNeed(string Namespace, string Secret, string Key, WorkloadOwner Owner, string InitContainer)
{
    /// <summary>What the workloads of a snapshot need, each once, in the order of names.</summary>
    public static IEnumerable<TokenNeed> Of(ClusterSnapshot snapshot) => snapshot.Configuration.Injector is null ? []
        : snapshot.Workloads.Where(workload => workload.State != WorkloadState.ByHand && !snapshot.LeavesOut(workload))
            .Select(workload => (workload.Owner, workload.Explanation.Settings?.Profile))
            .Where(found => found.Profile is { Token.Value: null })
            .Select(found => Of(found.Owner, found.Profile!))
            .Distinct()
            .OrderBy(need => $"{need.Namespace}/{need.Secret}/{need.Key}/{need.Owner}", StringComparer.Ordinal);

    private static TokenNeed Of(WorkloadOwner owner, RunnerProfile profile) =>
        new(owner.Namespace, profile.Token.SecretName, profile.Token.SecretKey, owner, profile.InitContainer.Name);
}
