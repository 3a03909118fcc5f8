using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Check;

/// <summary>Everything that the checks look at, as it was read from a cluster. It holds no value of a Secret.</summary>
internal sealed record ClusterSnapshot
{
    /// <summary>When it was read.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The cluster, as in <c>context ci of /home/me/.kube/config</c>.</summary>
    public required string Source { get; init; }

    /// <summary>What is to be checked.</summary>
    public required CheckScope Scope { get; init; }

    /// <summary>The API server's version, as in <c>v1.31.2</c>. If it is unknown, nothing else was read.</summary>
    public required Reading<string> Version { get; init; }

    /// <summary>The MutatingWebhookConfiguration.</summary>
    public Reading<JsonElement> Registration { get; init; } = Reading<JsonElement>.Untried;

    /// <summary>The ValidatingAdmissionPolicies of the cluster; missing before Kubernetes 1.30.</summary>
    public Reading<ImmutableArray<JsonElement>> Policies { get; init; } = Reading<ImmutableArray<JsonElement>>.Untried;

    /// <summary>Their bindings.</summary>
    public Reading<ImmutableArray<JsonElement>> Bindings { get; init; } = Reading<ImmutableArray<JsonElement>>.Untried;

    /// <summary>The MutatingAdmissionPolicies of the cluster; missing before Kubernetes 1.36.</summary>
    public Reading<ImmutableArray<JsonElement>> MutatingPolicies { get; init; } = Reading<ImmutableArray<JsonElement>>.Untried;

    /// <summary>Their bindings.</summary>
    public Reading<ImmutableArray<JsonElement>> MutatingBindings { get; init; } = Reading<ImmutableArray<JsonElement>>.Untried;

    /// <summary>The webhook's Deployment.</summary>
    public Reading<JsonElement> Deployment { get; init; } = Reading<JsonElement>.Untried;

    /// <summary>The webhook's pods.</summary>
    public Reading<ImmutableArray<JsonElement>> Replicas { get; init; } = Reading<ImmutableArray<JsonElement>>.Untried;

    /// <summary>What each of those pods answers at <c>/readyz?verbose</c>, by name.</summary>
    public ImmutableSortedDictionary<string, Reading<string>> Readiness { get; init; } =
        ImmutableSortedDictionary<string, Reading<string>>.Empty;

    /// <summary>The EndpointSlices of the webhook's Service.</summary>
    public Reading<ImmutableArray<JsonElement>> Endpoints { get; init; } = Reading<ImmutableArray<JsonElement>>.Untried;

    /// <summary>The serving certificate and its intermediates, PEM; missing without the Secret or its key.</summary>
    public Reading<string> Certificate { get; init; } = Reading<string>.Untried;

    /// <summary>The API of cert-manager; read only if the registration asks it for the certificate.</summary>
    public Reading<JsonElement> CertManager { get; init; } = Reading<JsonElement>.Untried;

    /// <summary>The Certificate that cert-manager is to issue; read only then, too.</summary>
    public Reading<JsonElement> Issuance { get; init; } = Reading<JsonElement>.Untried;

    /// <summary>The name of the Secret of that certificate.</summary>
    public string CertificateSecret { get; init; } = WellKnown.CertificateSecret;

    /// <summary>The configuration that workloads are judged by.</summary>
    public CheckedConfiguration Configuration { get; init; } = CheckedConfiguration.None;

    /// <summary>Whether that is the installation's own, and no file of the command line.</summary>
    public bool IsOwnConfiguration { get; init; } = true;

    /// <summary>How the API server refuses a labelled Pod without containers, sent as a dry run: if the webhook is called, it
    /// refuses such a Pod in its own words. Missing if the API server accepts the Pod.</summary>
    public Reading<ApiStatus> Probe { get; init; } = Reading<ApiStatus>.Untried;

    /// <summary>The namespaces in scope, by name.</summary>
    public Reading<ImmutableDictionary<string, NamespaceMetadata>> Namespaces { get; init; } =
        Reading<ImmutableDictionary<string, NamespaceMetadata>>.Untried;

    /// <summary>The labelled objects, by kind.</summary>
    public ImmutableArray<LabelledObjects> Objects { get; init; } = [];

    /// <summary>What the engine makes of the labelled Pods and DaemonSets.</summary>
    public ImmutableArray<JudgedWorkload> Workloads { get; init; } = [];

    /// <summary>The Secrets that hold runners' tokens, by namespace and name.</summary>
    public ImmutableDictionary<(string Namespace, string Name), Reading<TokenKeys>> Tokens { get; init; } =
        ImmutableDictionary<(string Namespace, string Name), Reading<TokenKeys>>.Empty;

    /// <summary>The cluster's nodes.</summary>
    public Reading<ImmutableArray<JsonElement>> Nodes { get; init; } = Reading<ImmutableArray<JsonElement>>.Untried;

    /// <summary>Why nodes are not ready, by name; ready nodes are not among them.</summary>
    public ImmutableDictionary<string, string> NodesDown { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The pods of the labelled workloads, by owner.</summary>
    public ImmutableArray<OwnedPods> Pods { get; init; } = [];

    /// <summary>The warning events of namespaces in which a pod does not run, by namespace and by the object's
    /// name.</summary>
    public ImmutableDictionary<string, Reading<ILookup<string, JsonElement>>> Events { get; init; } =
        ImmutableDictionary<string, Reading<ILookup<string, JsonElement>>>.Empty;

    /// <summary>The last lines of the containers that fail, by namespace, pod and container.</summary>
    public ImmutableDictionary<(string Namespace, string Pod, string Container), Reading<string>> Logs { get; init; } =
        ImmutableDictionary<(string Namespace, string Pod, string Container), Reading<string>>.Empty;

    /// <summary>The API server's release; null if unknown.</summary>
    public KubernetesVersion? Release => Version.Has(out var text) ? KubernetesVersion.TryParse(text) : null;

    /// <summary>Whether all labelled Pods and DaemonSets were read.</summary>
    public bool HasAllWorkloads =>
        Objects.Where(objects => !objects.Kind.AdmittedOn.IsEmpty).All(objects => objects.Items.Problem is null);

    /// <summary>What is known of a namespace; null if nothing is.</summary>
    public NamespaceMetadata? NamespaceNamed(string name) =>
        Namespaces.Has(out var namespaces) ? namespaces.GetValueOrDefault(name) : null;
}
