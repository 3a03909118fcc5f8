using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Check;

/// <summary>The API server reaches the webhook: it was made to call it, by a Pod that is created for show.</summary>
internal static class ReachableCheck
{
    public const string Name = "reachable";

    // Texts of the API server's own, which has no codes for them. They choose the hint and decide nothing.
    private static readonly (string Text, string Hint)[] Hints =
    [
        ("certificate has expired", "the serving certificate has expired"),
        ("certificate is valid for", "the serving certificate is for another name"),
        ("x509: ", "caBundle doesn't verify the serving certificate"),
        ("no endpoints available", "no replica of the webhook is ready"),
        ("connection refused", "nothing listens there: are the webhook's replicas running?"),
        ("not found", "the Service is not there: kubectl apply -k charts-free-manifests"),
        ("deadline exceeded", "something between the API server and the replicas drops packets: a NetworkPolicy, or a "
            + "firewall of the control plane, which has to reach port 8443 of the pods"),
    ];

    private static readonly string[] OutcomeTexts = [.. Enum.GetValues<OutcomeCode>().Select(code => code.Text())];

    /// <summary>Whether the webhook answered the API server.</summary>
    public static bool IsAnswered(ClusterSnapshot snapshot) =>
        snapshot.Probe.Value is { } status && status.Causes.Any(cause => OutcomeTexts.Contains(cause));

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        var space = snapshot.Scope.Probe;
        // Without a registration nobody is called, and that has been said.
        if (snapshot.Registration is { IsKnown: true, Value: null })
        {
            return [];
        }

        if (!snapshot.Probe.IsKnown)
        {
            return [CheckResult.Skip(Name, "whether the API server reaches the webhook", snapshot.Probe.Problem!)];
        }

        return [IsAnswered(snapshot)
            ? CheckResult.Pass(Name, $"the API server calls the webhook, which answers (a Pod in namespace {space}, for show)")
            : snapshot.LeavesOut(space)
                ? CheckResult.Skip(Name, "whether the API server reaches the webhook",
                    $"namespaceSelector of the registration leaves namespace {space} out; name another with -n")
                : Judge(snapshot, snapshot.Probe.Value)];
    }

    private static CheckResult Judge(ClusterSnapshot snapshot, ApiStatus? status) => status switch
    {
        { Code: 500 } => CheckResult.Fail(Name, status.Message, Hint(snapshot, status.Message)),
        { Code: 404 } => CheckResult.Skip(Name, "whether the API server reaches the webhook",
            $"{status.Message}; name another namespace with -n"),
        // The API server's own judgement of the Pod, which comes after the webhooks'.
        null or { Code: 422 } => CheckResult.Fail(Name, $"the API server takes a labelled Pod in namespace "
            + $"{snapshot.Scope.Probe} without asking the webhook", IgnoresFailures(snapshot)
                ? "with failurePolicy Ignore it may have failed to call it: see the lines above, and the API server's log"
                : "is the registration as shipped? see the lines above"),
        _ => CheckResult.Skip(Name, "whether the API server reaches the webhook",
            $"the Pod was refused by somebody else before: {status.Message}"),
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

        if (snapshot.Endpoints.Value is { } endpoints
            && !endpoints.List("subsets").SelectMany(subset => subset.List("addresses")).Any())
        {
            return $"Service {snapshot.Scope.Installation}/{WellKnown.Program} has no ready replica behind it: "
                + "see deployment above";
        }

        var known = Hints.FirstOrDefault(hint => message.Contains(hint.Text, StringComparison.Ordinal)).Hint;
        return known ?? "the API server's message says why";
    }
}
