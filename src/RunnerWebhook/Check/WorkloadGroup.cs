using System.Collections.Immutable;
using System.Globalization;

namespace RunnerWebhook.Check;

/// <summary>The workloads of one owner in one state: one line of the report.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="State">The state.</param>
/// <param name="Members">The workloads; never empty.</param>
internal sealed record WorkloadGroup(WorkloadOwner Owner, WorkloadState State, ImmutableArray<JudgedWorkload> Members)
{
    /// <summary>The member that represents all: the owner itself, if it is among them.</summary>
    public JudgedWorkload First => Members.FirstOrDefault(member => !member.IsPod) ?? Members[0];

    /// <summary>What a sentence is about.</summary>
    public string Subject => IsOne ? Owner.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{Owner}: {Members.Length} of its pods");

    /// <summary>The verb after the subject, in the singular or the plural.</summary>
    public string Verb(string one, string several) => IsOne || Members.Length == 1 ? one : several;

    private bool IsOne => !First.IsPod || Owner.Kind == "Pod";

    /// <summary>All groups, in the order of their names.</summary>
    public static IEnumerable<WorkloadGroup> Of(IEnumerable<JudgedWorkload> workloads) => workloads
        .GroupBy(workload => (workload.Owner, workload.State))
        .Select(group => new WorkloadGroup(group.Key.Owner, group.Key.State, [.. group]))
        .OrderBy(group => group.Owner.ToString(), StringComparer.Ordinal);
}
