using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Settings;

/// <summary>The platform team's configuration: one file, read whole or not at all.</summary>
/// <param name="Profiles">The profiles by name; <c>default</c> is always among them.</param>
public sealed record RunnerConfiguration(ImmutableDictionary<string, RunnerProfile> Profiles)
{
    /// <summary>The <c>apiVersion</c> of the file.</summary>
    public const string ApiVersion = "runner-webhook/v1";

    /// <summary>The <c>kind</c> of the file.</summary>
    public const string Kind = "Configuration";

    /// <summary>What holds without a file. It names no GitLab, so nothing can be injected with it alone.</summary>
    public static RunnerConfiguration BuiltIn { get; } = new(ImmutableDictionary<string, RunnerProfile>.Empty.Add(
        WellKnown.DefaultProfile, new RunnerProfile { Name = WellKnown.DefaultProfile }));

    /// <summary>The rules, in order; null if the file has no <c>policy</c>, and all is allowed.</summary>
    public ImmutableArray<PolicyRule>? Policy { get; init; }

    /// <summary>Whether the webhook keeps the labels and annotations of all namespaces at hand, for rules by label and
    /// for the namespaces' own annotations. It needs the right to list and watch namespaces. Default false.</summary>
    public bool WatchNamespaces { get; init; }

    /// <summary>What is injected of a DaemonSet; it has no part in the revision of a workload. Default
    /// <see cref="DaemonSetInjection.Template"/>.</summary>
    public DaemonSetInjection DaemonSets { get; init; }

    /// <summary>Where the webhook reports a success besides its log and the audit annotations; it has no part in the
    /// revision of a workload. Default <see cref="SuccessReport.Warning"/>.</summary>
    public SuccessReport ReportSuccess { get; init; }

    /// <summary>How much the server logs; it has no part in any revision. Default
    /// <see cref="LogThreshold.Information"/>.</summary>
    public LogThreshold LogLevel { get; init; } = LogThreshold.Information;

    /// <summary>The first rule that is for a namespace; null if none is.</summary>
    /// <param name="name">The namespace's name.</param>
    /// <param name="metadata">What is known of it; null if nothing is known.</param>
    public PolicyRule? RuleFor(string name, NamespaceMetadata? metadata) =>
        Policy?.FirstOrDefault(rule => rule.IsFor(name, metadata));

    /// <summary>Whether objects of a kind are stored as they were applied, and only their pods are injected.</summary>
    public bool InjectsPodsOf(WorkloadKind kind) => DaemonSets == DaemonSetInjection.Pods && kind.Kind == "DaemonSet";

    /// <summary>The default profile.</summary>
    public RunnerProfile Default => Profiles[WellKnown.DefaultProfile];
}
