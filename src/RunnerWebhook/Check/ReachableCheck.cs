using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Check;

/// <summary>The API server reaches the webhook: a dry run of a labelled Pod makes it call.</summary>
internal static class ReachableCheck
{
    public const string Name = "reachable";

    // The API server has no codes for these failures, only texts. They choose the hint and decide nothing.
    private static readonly (string Text, string Hint)[] Hints =
    [
        ("certificate has expired", "the serving certificate has expired"),
        ("certificate is valid for", "the serving certificate is for another name"),
        ("x509: ", "caBundle doesn't verify the serving certificate"),
        ("no endpoints available", "no replica of the webhook is ready"),
        ("connection refused", "nothing listens there: see deployment above"),
        ("not found", "the Service is not there: kubectl apply -k charts-free-manifests"),
        ("deadline exceeded", "something between the API server and the replicas drops packets: a NetworkPolicy, or a "
            + "firewall of the control plane, which has to reach port 8443 of the pods"),
    ];

    private static readonly string[] OutcomeTexts = [.. Enum.GetValues<OutcomeCode>().Select(code => code.Text())];

    /// <summary>Whether the webhook answered the API server.</summary>
    public static bool IsAnswered(ClusterSnapshot snapshot) =>
        snapshot.Probe.Has(out var status) && status.Causes.Any(cause => OutcomeTexts.Contains(cause));

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var probed = snapshot.Scope.Probe;
        // RegistrationCheck reports this already.
        if (snapshot.Registration.IsMissing)
        {
            return [];
        }

        if (snapshot.Probe.Problem is { } problem)
        {
            return [CheckResult.Skip(Name, "whether the API server reaches the webhook", problem)];
        }

        return [IsAnswered(snapshot)
            ? CheckResult.Pass(Name, $"the API server calls the webhook, which answers (dry run of a Pod in namespace {probed})")
            : snapshot.LeavesOut(probed)
                ? CheckResult.Skip(Name, "whether the API server reaches the webhook",
                    $"namespaceSelector of the registration excludes namespace {probed}; name another with -n")
                : Judge(snapshot, snapshot.Probe.Has(out var status) ? status : null)];
    }

    private static CheckResult Judge(ClusterSnapshot snapshot, ApiStatus? status) => status switch
    {
        { Code: 500 } => CheckResult.Fail(Name, status.Message, Hint(snapshot, status.Message)),
        { Code: 404 } => CheckResult.Skip(Name, "whether the API server reaches the webhook",
            $"{status.Message}; name another namespace with -n"),
        // The API server validates the Pod after the webhooks.
        null or { Code: 422 } => CheckResult.Fail(Name, $"the API server takes a labelled Pod in namespace "
            + $"{snapshot.Scope.Probe} without asking the webhook", IgnoresFailures(snapshot)
                ? "with failurePolicy Ignore it may have failed to call it: see the lines above, and the API server's log"
                : "compare the registration with the shipped one: see the lines above"),
        _ => CheckResult.Skip(Name, "whether the API server reaches the webhook",
            $"something else refused the Pod before: {status.Message}"),
    };

    private static bool IgnoresFailures(ClusterSnapshot snapshot) =>
        RegistrationCheck.Ours(snapshot).Any(hook => hook.Text("failurePolicy") == "Ignore");

    private static string Hint(ClusterSnapshot snapshot, string message)
    {
        foreach (var (check, results) in new[]
        {
            (CertificateCheck.Name, CertificateCheck.Run(snapshot)), (CaBundleCheck.Name, CaBundleCheck.Run(snapshot)),
        })
        {
            if (results.Any(result => result.State == CheckState.Failed))
            {
                return $"see {check} above";
            }
        }

        // Without any slice there is no such Service.
        if (snapshot.Endpoints.Has(out var slices) && !slices.IsEmpty && !slices.SelectMany(slice => slice.List("endpoints"))
            .Any(endpoint => endpoint.At("conditions", "ready") is not { ValueKind: JsonValueKind.False }))
        {
            return $"Service {snapshot.Scope.Installation}/{WellKnown.Program} has no ready replica: "
                + "see deployment above";
        }

        var known = Hints.FirstOrDefault(hint => message.Contains(hint.Text, StringComparison.Ordinal)).Hint;
        return known ?? $"kubectl describe mutatingwebhookconfiguration {WellKnown.Program}";
    }
}
