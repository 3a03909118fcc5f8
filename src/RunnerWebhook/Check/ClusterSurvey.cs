using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Check;

/// <summary>Reads from a cluster what the checks look at, as much at once as possible. What may not be read is left out, and
/// its reason kept. Nothing is written: the one Pod is a dry run.</summary>
internal sealed class ClusterSurvey(ApiClient client, CheckScope scope, CancellationToken cancellation) : IDisposable
{
    /// <summary>The key of the configuration in its ConfigMap.</summary>
    public const string ConfigurationKey = "config.yaml";

    /// <summary>The selector of the webhook's pods.</summary>
    public const string Replicas = $"app.kubernetes.io/name={WellKnown.Program}";

    private const int AdminPort = 8080;

    private readonly WorkloadSurvey _workloads = new(client, scope, cancellation);

    /// <summary>Reads.</summary>
    /// <param name="given">The configuration that the user gave; null for that of the installation.</param>
    /// <param name="now">The time.</param>
    public async Task<ClusterSnapshot> Take(CheckedConfiguration? given, DateTimeOffset now)
    {
        var snapshot = new ClusterSnapshot { Now = now, Source = client.Source, Scope = scope, Version = await Version() };
        if (!snapshot.Version.Has(out _))
        {
            return snapshot;
        }

        var installation = Installation(snapshot, given);
        var objects = _workloads.Objects();
        var namespaces = _workloads.Namespaces();
        var nodes = Reading.Of("list nodes", () => Items(ApiResource.Nodes, null, new()));
        var probe = Probe();
        snapshot = await installation;
        snapshot = WorkloadJudge.Judge(snapshot with
        {
            Namespaces = await namespaces,
            Objects = await objects,
            Nodes = await nodes,
            NodesDown = NodeCheck.Down((await nodes).Or([])),
            Probe = await probe,
        });
        return await _workloads.Complete(snapshot);
    }

    private async Task<ClusterSnapshot> Installation(ClusterSnapshot snapshot, CheckedConfiguration? given)
    {
        var namespaceName = scope.Installation;
        var registration = Find(ApiResource.MutatingWebhookConfigurations, null, WellKnown.Program);
        var policies = Reading.Of("list validatingadmissionpolicies",
            () => Items(ApiResource.ValidatingAdmissionPolicies, null, new()));
        var bindings = Reading.Of("list validatingadmissionpolicybindings",
            () => Items(ApiResource.ValidatingAdmissionPolicyBindings, null, new()));
        var mutating = Reading.Of("list mutatingadmissionpolicies",
            () => Items(ApiResource.MutatingAdmissionPolicies, null, new()));
        var mutatingBindings = Reading.Of("list mutatingadmissionpolicybindings",
            () => Items(ApiResource.MutatingAdmissionPolicyBindings, null, new()));
        var slices = Slices();
        var replicas = Reading.Of($"list pods in namespace {namespaceName}",
            () => Items(ApiResource.Pods, namespaceName, new() { Labels = Replicas }));
        var deployment = await Find(ApiResource.Deployments, namespaceName, WellKnown.Program);
        var secret = VolumeOf(deployment, "secret", "secretName") ?? snapshot.CertificateSecret;
        var certificate = Find(ApiResource.Secrets, namespaceName, secret);
        var configuration = given ?? await Configuration(VolumeOf(deployment, "configMap", "name") ?? WellKnown.Program);
        snapshot = snapshot with
        {
            Deployment = deployment,
            Replicas = deployment.IsMissing ? Reading.Found(ImmutableArray<JsonElement>.Empty) : await replicas,
            CertificateSecret = secret,
            Configuration = configuration.For(snapshot.Release),
            IsOwnConfiguration = given is null,
            Registration = await registration,
            Policies = await policies,
            Bindings = await bindings,
            MutatingPolicies = await mutating,
            MutatingBindings = await mutatingBindings,
            Endpoints = await slices,
            Certificate = (await certificate).Then(CertificateIn),
        };
        snapshot = await Issuance(snapshot);
        return snapshot with { Readiness = await Readiness(snapshot) };
    }

    private async Task<ClusterSnapshot> Issuance(ClusterSnapshot snapshot)
    {
        if (CertManagerReport.CertificateOf(snapshot.Registration) is not var (space, name))
        {
            return snapshot;
        }

        var api = Reading.Of("read the API groups", () => client.Get(CertManagerReport.ApiPath, cancellation));
        var certificate = await Find(ApiResource.Certificates, space, name);
        return snapshot with { CertManager = await api, Issuance = certificate };
    }

    public void Dispose() => _workloads.Dispose();

    private static string? VolumeOf(Reading<JsonElement> deployment, string source, string name) =>
        !deployment.Has(out var found) ? null
            : found.List("spec", "template", "spec", "volumes").Select(volume => volume.Text(source, name))
                .FirstOrDefault(text => text.Length > 0);

    private Task<Reading<JsonElement>> Find(ApiResource resource, string? namespaceName, string name) => Reading.OfOne(
        $"get {resource.Plural}/{name}" + (namespaceName is null ? "" : $" in namespace {namespaceName}"),
        () => client.Find(resource, namespaceName, name, cancellation));

    private async Task<ImmutableArray<JsonElement>> Items(ApiResource resource, string? namespaceName, ListOptions options) =>
        (await client.List(resource, namespaceName, options, cancellation)).Items;

    private Task<Reading<string>> Version() =>
        Reading.Of("read the version", () => client.Version(cancellation));

    private async Task<Reading<ImmutableArray<JsonElement>>> Slices()
    {
        var right = $"list endpointslices in namespace {scope.Installation}";
        var options = new ListOptions { Labels = $"kubernetes.io/service-name={WellKnown.Program}" };
        var found = await Reading.Of(right, () => Items(ApiResource.EndpointSlices, scope.Installation, options));
        // They were v1beta1 before Kubernetes 1.21.
        return found.IsMissing ? await Reading.Of(right,
            () => Items(ApiResource.EndpointSlices with { Version = "v1beta1" }, scope.Installation, options)) : found;
    }

    private async Task<CheckedConfiguration> Configuration(string name)
    {
        var place = $"ConfigMap {scope.Installation}/{name}";
        var map = await Find(ApiResource.ConfigMaps, scope.Installation, name);
        var text = map.Has(out var found) ? found.Text("data", ConfigurationKey) : "";
        return map.Problem is { } problem ? new(place, null, problem, [])
            : text.Length == 0 ? new(place, null, $"it does not exist, or has no {ConfigurationKey}", [])
            : CheckedConfiguration.Read(place, $"{place} {ConfigurationKey}", text);
    }

    // Started replicas only: the others can't answer.
    private async Task<ImmutableSortedDictionary<string, Reading<string>>> Readiness(ClusterSnapshot snapshot)
    {
        var pods = snapshot.Replicas.Or([]).Where(pod => pod.Text("status", "phase") == "Running")
            .Select(pod => pod.Text("metadata", "name")).ToArray();
        var answers = await Task.WhenAll(pods.Select(pod => Reading.Of($"get pods/proxy in namespace {scope.Installation}",
            () => client.Text($"{ApiResource.Pods.PathOf(scope.Installation)}/{pod}:{AdminPort}/proxy/readyz?verbose",
                cancellation))));
        return pods.Zip(answers).ToImmutableSortedDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    // The webhook refuses a Pod without containers under any policy, and before the API server does.
    private async Task<Reading<ApiStatus>> Probe()
    {
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["generateName"] = $"{WellKnown.Program}-check-",
                ["labels"] = new JsonObject { [WellKnown.InjectLabel] = WellKnown.InjectValue },
            },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray() },
        };
        try
        {
            await client.Create(ApiResource.Pods, scope.Probe, pod, new() { DryRun = true }, cancellation);
            return new Reading<ApiStatus>.Missing();
        }
        catch (ApiException e) when (e.Status is { Code: 403 } refused)
        {
            return await Reading.Of($"create pods in namespace {scope.Probe}", async () =>
                await client.May("create", ApiResource.Pods, scope.Probe, null, cancellation) ? refused : throw e);
        }
        catch (ApiException e)
        {
            return e.Status is { } status ? Reading.Found(status) : new Reading<ApiStatus>.Unread(e.Message);
        }
    }

    private static Reading<string> CertificateIn(JsonElement secret) =>
        secret.Text("data", "tls.crt") is { Length: > 0 } pem
            ? Reading.Found(Base64Text.Decode(pem)) : new Reading<string>.Missing();
}
