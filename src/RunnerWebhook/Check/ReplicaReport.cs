namespace RunnerWebhook.Check;

/// <summary>A line of what a replica itself says at <c>/readyz?verbose</c>.</summary>
/// <param name="Pod">The replica.</param>
/// <param name="Condition">The condition's name, as in <c>certificate</c>.</param>
/// <param name="IsMet">Whether the replica is ready as far as this condition goes.</param>
/// <param name="State">The state.</param>
/// <param name="Problem">What needs attention; empty for nothing.</param>
internal sealed record ReplicaReport(string Pod, string Condition, bool IsMet, string State, string Problem)
{
    // Readiness.Line writes them.
    private const int MarkLength = 3;

    /// <summary>What the replicas say of a condition; of a replica that could not be asked there is nothing.</summary>
    public static IEnumerable<ReplicaReport> Of(ClusterSnapshot snapshot, string condition) =>
        All(snapshot).Where(report => report.Condition == condition);

    /// <summary>Everything that the replicas say.</summary>
    public static IEnumerable<ReplicaReport> All(ClusterSnapshot snapshot) => snapshot.Readiness
        .SelectMany(replica => replica.Value.Or("").Split('\n'), (replica, line) => Read(replica.Key, line))
        .OfType<ReplicaReport>();

    /// <summary>Met conditions that need attention, each problem once.</summary>
    /// <param name="check">The check that reports them.</param>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="conditions">The conditions; those of other checks are left out.</param>
    /// <param name="hint">What cures a problem.</param>
    public static IEnumerable<CheckResult> Warnings(string check, ClusterSnapshot snapshot,
        Func<string, bool> conditions, Func<ReplicaReport, string> hint) => All(snapshot)
        .Where(report => report is { IsMet: true, Problem.Length: > 0 } && conditions(report.Condition))
        .GroupBy(report => (report.Condition, report.Problem)).Select(group =>
        {
            var pods = group.Select(report => report.Pod).ToArray();
            return CheckResult.Warn(check, $"{(pods.Length > 1 ? "pods" : "pod")} {string.Join(" and ", pods)} report"
                + $"{(pods.Length > 1 ? "" : "s")} {group.Key.Condition}: {group.Key.Problem}", hint(group.First()));
        });

    /// <summary>The line without its mark.</summary>
    public override string ToString() => $"{Condition}: {State}" + (Problem.Length > 0 ? $"; {Problem}" : "");

    private static ReplicaReport? Read(string pod, string line)
    {
        var end = line.IndexOf(": ", StringComparison.Ordinal);
        if (end < MarkLength || line[..MarkLength] is not ("[+]" or "[!]" or "[-]"))
        {
            return null;
        }

        var parts = line[(end + 2)..].Split("; ", 2);
        return new(pod, line[MarkLength..end], line[1] != '-', parts[0], parts.Length > 1 ? parts[1].TrimEnd() : "");
    }
}
