using System.Collections.Immutable;

namespace RunnerWebhook.Check;

/// <summary>All checks, in the order in which a fault in one explains those in the next.</summary>
internal static class Checklist
{
    private static readonly Func<ClusterSnapshot, IEnumerable<CheckResult>>[] All =
    [
        ApiCheck.Run, RegistrationCheck.Run, DeploymentCheck.Run, ConfigurationCheck.Run, CertificateCheck.Run,
        CaBundleCheck.Run, ReachableCheck.Run, LabelCheck.Run, InjectionCheck.Run, RevisionCheck.Run, TokenCheck.Run,
        PodSecurityCheck.Run,
    ];

    /// <summary>The names of all checks.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        ApiCheck.Name, RegistrationCheck.Name, DeploymentCheck.Name, ConfigurationCheck.Name, CertificateCheck.Name,
        CaBundleCheck.Name, ReachableCheck.Name, LabelCheck.Name, InjectionCheck.Name, RevisionCheck.Name, TokenCheck.Name,
        PodSecurityCheck.Name,
    ];

    /// <summary>Makes all checks; where the API server doesn't answer, that one.</summary>
    public static ImmutableArray<CheckResult> Run(ClusterSnapshot snapshot) =>
        [.. (snapshot.Version.IsKnown ? All : All.Take(1)).SelectMany(check => check(snapshot))];
}
