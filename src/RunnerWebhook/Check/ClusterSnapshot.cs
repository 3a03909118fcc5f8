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

    /// <summary>Which cluster it is, as a person would say it.</summary>
    public required string Source { get; init; }

    /// <summary>What is to be checked.</summary>
    public required CheckScope Scope { get; init; }

    /// <summary>The API server's version, as in <c>v1.31.2</c>. Where it is not known, nothing else was read.</summary>
    public required Reading<string> Version { get; init; }

    /// <summary>The MutatingWebhookConfiguration.</summary>
    public Reading<JsonElement?> Registration { get; init; } = Reading<JsonElement?>.None;

    /// <summary>The webhook's Deployment.</summary>
    public Reading<JsonElement?> Deployment { get; init; } = Reading<JsonElement?>.None;

    /// <summary>The Endpoints of the webhook's Service.</summary>
    public Reading<JsonElement?> Endpoints { get; init; } = Reading<JsonElement?>.None;

    /// <summary>The serving certificate and its intermediates, PEM; null where the Secret is not there.</summary>
    public Reading<string> Certificate { get; init; } = Reading<string>.None;

    /// <summary>The name of the Secret of that certificate.</summary>
    public string CertificateSecret { get; init; } = WellKnown.CertificateSecret;

    /// <summary>The configuration that workloads are judged by.</summary>
    public CheckedConfiguration Configuration { get; init; } = CheckedConfiguration.None;

    /// <summary>How the API server refuses a labelled Pod without containers, which is created for show: our webhook
    /// refuses it in its own words, where it is called. Null where the API server takes such a Pod.</summary>
    public Reading<ApiStatus> Probe { get; init; } = Reading<ApiStatus>.None;

    /// <summary>The namespaces looked at, by name.</summary>
    public Reading<ImmutableDictionary<string, NamespaceMetadata>> Namespaces { get; init; } =
        Reading<ImmutableDictionary<string, NamespaceMetadata>>.None;

    /// <summary>The labelled objects, by kind.</summary>
    public ImmutableArray<LabelledObjects> Objects { get; init; } = [];

    /// <summary>What the engine makes of the labelled Pods and DaemonSets.</summary>
    public ImmutableArray<JudgedWorkload> Workloads { get; init; } = [];

    /// <summary>The keys of the Secrets that hold runners' tokens, by namespace and name; null where there is no such
    /// Secret. A key with an empty value is not among them.</summary>
    public ImmutableDictionary<(string Namespace, string Name), Reading<ImmutableArray<string>?>> Tokens { get; init; } =
        ImmutableDictionary<(string Namespace, string Name), Reading<ImmutableArray<string>?>>.Empty;

    /// <summary>Whether all labelled Pods and DaemonSets were read.</summary>
    public bool HasAllWorkloads =>
        Objects.Where(objects => !objects.Kind.AdmittedOn.IsEmpty).All(objects => objects.Items.IsKnown);

    /// <summary>What is known of a namespace; null where nothing is.</summary>
    public NamespaceMetadata? NamespaceNamed(string name) => Namespaces.Value?.GetValueOrDefault(name);
}
