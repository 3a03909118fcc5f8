using System.Collections.Immutable;

namespace RunnerWebhook.Check;

/// <summary>All checks, in the order in which a fault in one explains those in the next.</summary>
internal static class Checklist
{
    private static readonly (string Name, Func<ClusterSnapshot, IEnumerable<CheckResult>> Run)[] All =
    [
        (ApiCheck.Name, ApiCheck.Run),
        (RegistrationCheck.Name, RegistrationCheck.Run),
        (GuardCheck.Name, GuardCheck.Run),
        (AdmissionPolicyCheck.Name, AdmissionPolicyCheck.Run),
        (DeploymentCheck.Name, DeploymentCheck.Run),
        (ConfigurationCheck.Name, ConfigurationCheck.Run),
        (CertificateCheck.Name, CertificateCheck.Run),
        (CaBundleCheck.Name, CaBundleCheck.Run),
        (ReachableCheck.Name, ReachableCheck.Run),
        (LabelCheck.Name, LabelCheck.Run),
        (InjectionCheck.Name, InjectionCheck.Run),
        (TokenCheck.Name, TokenCheck.Run),
        (PodSecurityCheck.Name, PodSecurityCheck.Run),
        (NodeCheck.Name, NodeCheck.Run),
        (RunningCheck.Name, RunningCheck.Run),
        (RevisionCheck.Name, RevisionCheck.Run),
    ];

    // What only a webhook has.
    private static readonly string[] OfWebhooks =
    [
        RegistrationCheck.Name, GuardCheck.Name, DeploymentCheck.Name, CertificateCheck.Name, CaBundleCheck.Name,
        ReachableCheck.Name,
    ];

    /// <summary>The names of all checks.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(check => check.Name)];

    /// <summary>Runs all checks; only the first if the API server does not answer, and none of a webhook's if policies inject
    /// and no webhook is registered.</summary>
    public static ImmutableArray<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var leftOut = AdmissionPolicyCheck.IsAlone(snapshot) ? OfWebhooks : [];
        return [.. (snapshot.Version.Problem is null ? All : All.Take(1))
            .Where(check => !leftOut.Contains(check.Name)).SelectMany(check => check.Run(snapshot))];
    }
}
