using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>What cert-manager has done, if the MutatingWebhookConfiguration asks it for the certificate.</summary>
internal static class CertManagerReport
{
    /// <summary>The path of its API.</summary>
    public const string ApiPath = "apis/cert-manager.io/v1";

    private const string Describe = "kubectl describe certificate,certificaterequest,issuer -n ";

    /// <summary>The Certificate whose CA goes into <c>caBundle</c>; null if cert-manager is not asked.</summary>
    public static (string Namespace, string Name)? CertificateOf(Reading<JsonElement> registration) =>
        registration.Has(out var found)
            && found.Text("metadata", "annotations", "cert-manager.io/inject-ca-from").Split('/') is [var space, var name]
            ? (space, name) : null;

    /// <summary>Why cert-manager has not issued the certificate or written its CA, and what to do; null if it has, if it is not
    /// asked, or if nothing is known.</summary>
    public static Diagnosis? Of(ClusterSnapshot snapshot)
    {
        if (CertificateOf(snapshot.Registration) is not var (space, name) || snapshot.CertManager.Problem is not null
            || snapshot.Issuance.Problem is not null)
        {
            return null;
        }

        var subject = $"Certificate {space}/{name}";
        return snapshot.CertManager.IsMissing
            ? new("cert-manager is not installed", "install cert-manager, then kubectl apply -k charts-free-manifests; or let "
                + "the webhook make its own certificates: kubectl apply -k charts-free-manifests/overlays/self-managed")
            : !snapshot.Issuance.Has(out var certificate)
                ? new($"there is no {subject}", "kubectl apply -k charts-free-manifests")
            : Ready(certificate) is not { } ready
                ? new($"cert-manager's controller has not looked at {subject}", Pods("cert-manager"))
            : ready.Text("status") != "True" ? new($"{subject} is not ready: {ready.Text("message")}", Describe + space)
            : IsInjected(snapshot) ? null
            : new($"{subject} is ready, but cert-manager's cainjector has not written its CA", Pods("cainjector"));
    }

    /// <summary>Where to look if cert-manager has done its part, or that is not known.</summary>
    public static string Hint(string space) => $"cert-manager makes it: {Describe}{space}; kubectl get pods -n cert-manager";

    private static JsonElement? Ready(JsonElement certificate) =>
        certificate.List("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready")
            is { ValueKind: JsonValueKind.Object } ready ? ready : null;

    private static bool IsInjected(ClusterSnapshot snapshot) =>
        RegistrationCheck.Ours(snapshot).All(hook => CaBundleCheck.Verifies(snapshot, hook.Text("clientConfig", "caBundle")));

    // The label of its charts and of its published manifests.
    private static string Pods(string part) => $"kubectl get pods -A -l app.kubernetes.io/name={part}";
}
