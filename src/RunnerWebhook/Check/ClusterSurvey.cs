using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Check;

/// <summary>Reads from a cluster what the checks look at: as much at once as can be, and nothing that isn't labelled. What
/// may not be read is left out, and its reason kept. Nothing is written: the one Pod is created for show.</summary>
internal sealed class ClusterSurvey(ApiClient client, CheckScope scope, CancellationToken cancellation)
{
    private const string ConfigurationKey = "config.yaml";

    private static readonly ListOptions Labelled = new() { Labels = WellKnown.InjectLabel };

    // Finished pods have done with their runner.
    private static readonly ListOptions LabelledPods =
        Labelled with { Fields = "status.phase!=Succeeded,status.phase!=Failed" };

    /// <summary>Reads.</summary>
    /// <param name="given">The configuration that the user gave; null for that of the installation.</param>
    /// <param name="now">The time.</param>
    public async Task<ClusterSnapshot> Take(CheckedConfiguration? given, DateTimeOffset now)
    {
        var snapshot = new ClusterSnapshot
        {
            Now = now,
            Source = client.Source,
            Scope = scope,
            Version = await Version(),
        };
        if (!snapshot.Version.IsKnown)
        {
            return snapshot;
        }

        var objects = WorkloadKind.All.Select(List).ToArray();
        var registration = Find(ApiResource.MutatingWebhookConfigurations, null, WellKnown.Program);
        var endpoints = Find(ApiResource.Endpoints, scope.Installation, WellKnown.Program);
        var probe = Probe();
        var namespaces = Namespaces();
        var deployment = await Find(ApiResource.Deployments, scope.Installation, WellKnown.Program);
        var secret = VolumeOf(deployment, "secret", "secretName") ?? snapshot.CertificateSecret;
        var certificate = Find(ApiResource.Secrets, scope.Installation, secret);
        snapshot = WorkloadJudge.Judge(snapshot with
        {
            Deployment = deployment,
            CertificateSecret = secret,
            Configuration = given ?? await Configuration(VolumeOf(deployment, "configMap", "name") ?? WellKnown.Program),
            Registration = await registration,
            Endpoints = await endpoints,
            Namespaces = await namespaces,
            Objects = [.. await Task.WhenAll(objects)],
            Probe = await probe,
            Certificate = (await certificate).Then(CertificateIn),
        });
        return snapshot with { Tokens = await Tokens(snapshot) };
    }

    private static string? VolumeOf(Reading<JsonElement?> deployment, string source, string name) =>
        deployment.Value is not { } found ? null
            : found.List("spec", "template", "spec", "volumes").Select(volume => volume.Text(source, name))
                .FirstOrDefault(text => text.Length > 0);

    private Task<Reading<JsonElement?>> Find(ApiResource resource, string? space, string name) =>
        Reading<JsonElement?>.Of($"get {resource.Plural}/{name}" + (space is null ? "" : $" in namespace {space}"),
            () => client.Find(resource, space, name, cancellation));

    private Task<Reading<string>> Version() => Reading<string>.Of("read the version",
        async () => (string?)(await client.Get("version", cancellation)).Text("gitVersion"));

    private async Task<LabelledObjects> List(WorkloadKind kind)
    {
        var resource = new ApiResource(kind.Group, "v1", kind.Kind.ToLowerInvariant() + "s");
        var options = resource == ApiResource.Pods ? LabelledPods : Labelled;
        return new(kind, await Reading<ImmutableArray<JsonElement>>.Of($"list {resource.Plural} {scope.Where}", async () =>
        {
            try
            {
                return (await client.List(resource, scope.Namespace, options, cancellation)).Items;
            }
            catch (ApiException e) when (e.Problem == ApiProblem.NotFound && kind.Group == "batch")
            {
                // CronJobs were v1beta1 before Kubernetes 1.21.
                return (await client.List(resource with { Version = "v1beta1" }, scope.Namespace, options, cancellation)).Items;
            }
        }));
    }

    private Task<Reading<ImmutableDictionary<string, NamespaceMetadata>>> Namespaces() =>
        Reading<ImmutableDictionary<string, NamespaceMetadata>>.Of(
            scope.Namespace is { } name ? $"get namespaces/{name}" : "list namespaces",
            async () => (scope.Namespace is { } one
                    ? await client.Find(ApiResource.Namespaces, null, one, cancellation) is { } found ? [found] : []
                    : (await client.List(ApiResource.Namespaces, null, new() { MetadataOnly = true }, cancellation)).Items)
                .ToImmutableDictionary(item => item.Text("metadata", "name"), NamespaceMetadataReader.Read));

    private async Task<CheckedConfiguration> Configuration(string name)
    {
        var place = $"ConfigMap {scope.Installation}/{name}";
        var map = await Find(ApiResource.ConfigMaps, scope.Installation, name);
        var text = map.Value?.Text("data", ConfigurationKey) ?? "";
        return !map.IsKnown ? new(place, null, map.Problem, [])
            : text.Length == 0 ? new(place, null, $"it is not there, or has no {ConfigurationKey}", [])
            : CheckedConfiguration.Read(place, $"{place} {ConfigurationKey}", text);
    }

    // Our webhook refuses a Pod without containers whatever the policy says, and before the API server does.
    private async Task<Reading<ApiStatus>> Probe()
    {
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["generateName"] = "runner-webhook-check-",
                ["labels"] = new JsonObject { [WellKnown.InjectLabel] = WellKnown.InjectValue },
            },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray() },
        };
        var right = $"create pods in namespace {scope.Probe}";
        try
        {
            await client.Create(ApiResource.Pods, scope.Probe, pod, new() { DryRun = true }, cancellation);
            return new(null);
        }
        catch (ApiException e) when (e.Status is { Code: 403 })
        {
            return await Reading<ApiStatus>.Of(right, async () =>
                await client.May("create", ApiResource.Pods, scope.Probe, null, cancellation) ? e.Status : throw e);
        }
        catch (ApiException e)
        {
            return e.Status is null ? new(null, e.Message) : new(e.Status);
        }
    }

    private async Task<ImmutableDictionary<(string, string), Reading<ImmutableArray<string>?>>> Tokens(ClusterSnapshot snapshot)
    {
        var secrets = TokenNeed.Of(snapshot).Select(need => (need.Namespace, Name: need.Secret)).Distinct().ToArray();
        var readings = await Task.WhenAll(secrets.Select(async secret =>
            (await Find(ApiResource.Secrets, secret.Namespace, secret.Name)).Then(KeysOf)));
        return secrets.Zip(readings).ToImmutableDictionary(pair => pair.First, pair => pair.Second);
    }

    private static string? CertificateIn(JsonElement? secret) =>
        secret?.Text("data", "tls.crt") is { Length: > 0 } pem
            ? Encoding.UTF8.GetString(Convert.FromBase64String(pem))
            : null;

    private static ImmutableArray<string>? KeysOf(JsonElement? secret) => secret is not { } found ? null
        : found.At("data") is not { } data ? []
        : [.. data.EnumerateObject().Where(entry => entry.Value.GetString()!.Length > 0).Select(entry => entry.Name)];
}
