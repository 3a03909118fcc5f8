using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Check;

/// <summary><c>check --pre</c>: whether the webhook can be installed in a cluster.</summary>
/// <param name="client">The cluster.</param>
/// <param name="scope">Where the webhook is to be installed.</param>
/// <param name="path">Where kubectl is looked for, as in <c>PATH</c>.</param>
/// <param name="cancellation">Ends the checks.</param>
internal sealed class Preflight(ApiClient client, CheckScope scope, string? path, CancellationToken cancellation)
{
    private const string Version = "version";
    private const string Rights = "rights";
    private const string CertManager = "certManager";
    private const string Space = "namespace";
    private const string Leftovers = "leftovers";

    // A namespace that every cluster has; the webhook's own may not exist yet.
    private const string AnyNamespace = "default";

    // The oldest release that the shipped default supports: match conditions need it.
    private static readonly KubernetesVersion Oldest = new(1, 30);

    private static readonly ApiResource[] Installed =
    [
        ApiResource.Namespaces, new("", "v1", "serviceaccounts"), new("", "v1", "services"), ApiResource.ConfigMaps,
        new("", "v1", "resourcequotas"), ApiResource.Deployments, new("policy", "v1", "poddisruptionbudgets"),
        new("networking.k8s.io", "v1", "networkpolicies"), ApiResource.MutatingWebhookConfigurations,
    ];

    private static readonly ApiResource[] OfCertManager = [ApiResource.Certificates, ApiResource.Issuers];

    private static readonly ApiResource[] OfSelfManaged =
    [
        ApiResource.Secrets, new("rbac.authorization.k8s.io", "v1", "roles"),
        new("rbac.authorization.k8s.io", "v1", "clusterroles"),
    ];

    private static readonly ApiResource[] ClusterWide =
        [ApiResource.Namespaces, ApiResource.MutatingWebhookConfigurations, OfSelfManaged[2]];

    /// <summary>Checks.</summary>
    /// <param name="configuration">The configuration that is to be installed.</param>
    public async Task<ImmutableArray<CheckResult>> Run(CheckedConfiguration configuration)
    {
        var version = await Reading.Of("read the version", () => client.Version(cancellation));
        var snapshot = new ClusterSnapshot
        {
            Now = TimeProvider.System.GetUtcNow(),
            Source = client.Source,
            Scope = scope,
            Version = version,
            Configuration = configuration,
        };
        if (!version.Has(out _))
        {
            return [.. ApiCheck.Run(snapshot)];
        }

        var nodes = Reading.Of("list nodes", async () => (await client.List(ApiResource.Nodes, null, new(), cancellation)).Items);
        var certManager = await Reading.Of("read the API groups", () => client.Get(CertManagerReport.ApiPath, cancellation));
        var kubectl = await InstalledKubectl.Run(path, cancellation);
        return
        [
            .. ApiCheck.Run(snapshot), .. kubectl is null ? [] : new[] { kubectl }, OfVersion(snapshot),
            await OfRights(!certManager.IsMissing), await OfCertificates(certManager),
            await OfNamespace(), .. NodeCheck.Run(snapshot with { Nodes = await nodes }), await OfLeftovers(),
        ];
    }

    private static CheckResult OfVersion(ClusterSnapshot snapshot) => snapshot.Release is not { } release
        ? CheckResult.Skip(Version, "the release", $"'{snapshot.Version.Or("")}' names none")
        : release < Oldest
            ? CheckResult.Warn(Version, $"Kubernetes {release} is older than {Oldest}, which the default manifests need",
                "kubectl apply -k charts-free-manifests/overlays/before-1.30")
            : CheckResult.Pass(Version, $"Kubernetes {release} has all that the manifests need");

    private async Task<CheckResult> OfRights(bool hasCertManager)
    {
        ApiResource[] needed = [.. Installed, .. hasCertManager ? OfCertManager : OfSelfManaged];
        var may = await Task.WhenAll(needed.Select(resource => Reading.Of("ask for rights", () => client.May("create", resource,
            ClusterWide.Contains(resource) ? null : scope.Installation, null, cancellation))));
        if (may.FirstOrDefault(reading => reading.Problem is not null)?.Problem is { } problem)
        {
            return CheckResult.Skip(Rights, "your rights", problem);
        }

        var missing = needed.Zip(may).Where(pair => !pair.Second.Or(false)).Select(pair => pair.First.Plural).ToArray();
        return missing.Length == 0 ? CheckResult.Pass(Rights, "you may create everything that the manifests hold")
            : CheckResult.Fail(Rights, $"you may not create {string.Join(", ", missing)}",
                "let a cluster administrator apply the manifests, or grant you these rights");
    }

    private async Task<CheckResult> OfCertificates(Reading<JsonElement> certManager) => certManager.Problem is { } problem
        ? CheckResult.Skip(CertManager, "whether cert-manager is installed", problem)
        : certManager.IsMissing
            ? CheckResult.Warn(CertManager, "cert-manager is not installed, and the default manifests need it",
                "let the webhook make its own certificates: kubectl apply -k charts-free-manifests/overlays/self-managed")
            : await WhyRefused() is { } why
                ? CheckResult.Fail(CertManager, $"cert-manager does not take an Issuer: {why}",
                    "wait until cert-manager's webhook is ready: kubectl get pods -A -l app.kubernetes.io/name=webhook")
                : CheckResult.Pass(CertManager, "cert-manager.io/v1 is there");

    // cert-manager has an admission webhook of its own. As long as that does not answer, nothing of it can be applied.
    private async Task<string?> WhyRefused()
    {
        var issuer = new JsonObject
        {
            ["apiVersion"] = "cert-manager.io/v1",
            ["kind"] = "Issuer",
            ["metadata"] = new JsonObject { ["generateName"] = $"{WellKnown.Program}-check-" },
            ["spec"] = new JsonObject { ["selfSigned"] = new JsonObject() },
        };
        try
        {
            await client.Create(ApiResource.Issuers, AnyNamespace, issuer, new() { DryRun = true }, cancellation);
            return null;
        }
        catch (ApiException e)
        {
            // Only what stops every user: a missing right, or a policy for that namespace, says nothing.
            return e.Status is { Code: >= 500 } status ? status.Message : null;
        }
    }

    private async Task<CheckResult> OfNamespace()
    {
        var name = scope.Installation;
        var reading = await Reading.OfOne($"get namespaces/{name}",
            () => client.Find(ApiResource.Namespaces, null, name, cancellation));
        return reading.Problem is { } problem ? CheckResult.Skip(Space, $"namespace {name}", problem)
            : !reading.Has(out var found) ? CheckResult.Pass(Space, $"namespace {name} is free")
            : found.Text("status", "phase") == "Terminating"
                ? CheckResult.Fail(Space, $"namespace {name} is being deleted, and takes nothing new",
                    $"wait until it is gone: kubectl wait --for=delete namespace/{name} --timeout=5m")
                : CheckResult.Pass(Space, $"namespace {name} exists, with Pod Security level "
                    + (found.Text("metadata", "labels", WellKnown.PodSecurityLabel) is { Length: > 0 } level ? level : "unset")
                    + ": the webhook meets every level");
    }

    private async Task<CheckResult> OfLeftovers()
    {
        var registration = await Reading.OfOne($"get mutatingwebhookconfigurations/{WellKnown.Program}", () => client.Find(
            ApiResource.MutatingWebhookConfigurations, null, WellKnown.Program, cancellation));
        var deployment = await Reading.OfOne($"get deployments/{WellKnown.Program} in namespace {scope.Installation}",
            () => client.Find(ApiResource.Deployments, scope.Installation, WellKnown.Program, cancellation));
        return (registration.Problem ?? deployment.Problem) is { } problem
            ? CheckResult.Skip(Leftovers, "an older installation", problem)
            : !deployment.IsMissing ? CheckResult.Warn(Leftovers, $"{WellKnown.Program} is installed already",
                "kubectl apply updates it; check it with runner-webhook check")
            : !registration.IsMissing ? CheckResult.Fail(Leftovers, $"MutatingWebhookConfiguration {WellKnown.Program} of an "
                + "older installation is left over: labelled workloads are refused until the webhook answers",
                $"kubectl delete mutatingwebhookconfiguration {WellKnown.Program}")
            : CheckResult.Pass(Leftovers, "nothing of an older installation is there");
    }
}
