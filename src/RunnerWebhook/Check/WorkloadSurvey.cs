using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Check;

/// <summary>Reads the labelled workloads, their pods, and of pods that do not run the events and logs.</summary>
internal sealed class WorkloadSurvey(ApiClient client, CheckScope scope, CancellationToken cancellation) : IDisposable
{
    // Pods of a workload fail alike: the logs of some are enough.
    private const int LogsOfAWorkload = 3;
    private const int LogsAtMost = 100;
    private const int LogLines = 10;
    private const int CallsAtOnce = 16;

    private static readonly ListOptions Labelled = new() { Labels = WellKnown.InjectLabel };

    // Finished pods need no runner any more.
    private static readonly ListOptions LabelledPods =
        Labelled with { Fields = "status.phase!=Succeeded,status.phase!=Failed" };

    private readonly SemaphoreSlim _calls = new(CallsAtOnce);

    /// <summary>The labelled objects.</summary>
    public async Task<ImmutableArray<LabelledObjects>> Objects() => [.. await Task.WhenAll(WorkloadKind.All.Select(List))];

    /// <summary>The namespaces in scope.</summary>
    public Task<Reading<ImmutableDictionary<string, NamespaceMetadata>>> Namespaces() => Reading.Of(
        scope.Namespace is { } name ? $"get namespaces/{name}" : "list namespaces",
        async () => (scope.Namespace is { } one
                ? await client.Find(ApiResource.Namespaces, null, one, cancellation) is { } found ? [found] : []
                : (await client.List(ApiResource.Namespaces, null, new() { MetadataOnly = true }, cancellation)).Items)
            .ToImmutableDictionary(item => item.Text("metadata", "name"), NamespaceMetadataReader.Read));

    /// <summary>Adds what the judged workloads ask for: Secrets, pods, events, logs.</summary>
    public async Task<ClusterSnapshot> Complete(ClusterSnapshot snapshot)
    {
        var tokens = Tokens(snapshot);
        snapshot = snapshot with { Pods = await Pods(snapshot) };
        var events = Events(snapshot);
        var logs = Logs(snapshot);
        return snapshot with { Tokens = await tokens, Events = await events, Logs = await logs };
    }

    public void Dispose() => _calls.Dispose();

    private async Task<LabelledObjects> List(WorkloadKind kind)
    {
        var resource = new ApiResource(kind.Group, "v1", kind.Kind.ToLowerInvariant() + "s");
        var options = resource == ApiResource.Pods ? LabelledPods : Labelled;
        var right = $"list {resource.Plural} {scope.Where}";
        var found = await Reading.Of(right, () => Items(resource, scope.Namespace, options));
        // CronJobs were v1beta1 before Kubernetes 1.21.
        return new(kind, found.IsMissing && kind.Group == "batch"
            ? await Reading.Of(right, () => Items(resource with { Version = "v1beta1" }, scope.Namespace, options)) : found);
    }

    private async Task<ImmutableArray<JsonElement>> Items(ApiResource resource, string? namespaceName, ListOptions options) =>
        (await client.List(resource, namespaceName, options, cancellation)).Items;

    private async Task<Reading<T>> AtOnce<T>(Func<Task<Reading<T>>> read)
    {
        await _calls.WaitAsync(cancellation);
        try
        {
            return await read();
        }
        finally
        {
            _calls.Release();
        }
    }

    private async Task<ImmutableArray<OwnedPods>> Pods(ClusterSnapshot snapshot)
    {
        var judged = snapshot.Workloads.Select(workload => workload.Owner).ToHashSet();
        var daemonSets = snapshot.Objects.Where(objects => objects.Kind.Kind == "DaemonSet").SelectMany(objects => objects.Found)
            .Select(json => (Owner: WorkloadOwner.Of(json, WorkloadKind.Find("apps/v1", "DaemonSet")!), Json: json))
            .Where(found => judged.Contains(found.Owner)).ToArray();
        var owners = daemonSets.Select(found => found.Owner).ToHashSet();
        var kind = snapshot.Objects.FirstOrDefault(objects => objects.Kind.Kind == "Pod");
        var labelled = (kind?.Found ?? []).GroupBy(pod => WorkloadOwner.Of(pod, kind!.Kind))
            .Where(group => judged.Contains(group.Key) && !owners.Contains(group.Key))
            .Select(group => new OwnedPods(group.Key, null, Reading.Found(group.ToImmutableArray())));
        var selected = await Task.WhenAll(daemonSets.Select(async found => new OwnedPods(found.Owner, found.Json,
            await AtOnce(() => Selected(found.Owner, found.Json)))));
        return [.. selected.Concat(labelled).OrderBy(owned => owned.Owner.ToString(), StringComparer.Ordinal)];
    }

    private Task<Reading<ImmutableArray<JsonElement>>> Selected(WorkloadOwner owner, JsonElement daemonSet) =>
        Reading.Of($"list pods in namespace {owner.Namespace}", async () => (ImmutableArray<JsonElement>)
        [
            .. (await Items(ApiResource.Pods, owner.Namespace, new() { Labels = NamespaceSelection.Text(daemonSet) }))
                .Where(pod => pod.List("metadata", "ownerReferences").Any(reference =>
                    reference.Text("kind") == owner.Kind && reference.Text("name") == owner.Name)),
        ]);

    private async Task<ImmutableDictionary<string, Reading<ILookup<string, JsonElement>>>> Events(ClusterSnapshot snapshot)
    {
        var isInstallationTroubled = snapshot.Replicas.Or([]).Any(pod => !PodState.Runs(pod));
        string[] names =
        [
            .. snapshot.Pods.Where(owned => owned.IsTroubled).Select(owned => owned.Owner.Namespace)
                .Concat(isInstallationTroubled ? [scope.Installation] : []).Distinct(),
        ];
        var events = await Task.WhenAll(names.Select(name => AtOnce(() => Reading.Of($"list events in namespace {name}",
            async () => (await Items(ApiResource.Events, name, new() { Fields = "type=Warning" }))
                .ToLookup(found => found.Text("involvedObject", "name"), StringComparer.Ordinal)))));
        return names.Zip(events).ToImmutableDictionary(pair => pair.First, pair => pair.Second);
    }

    private async Task<ImmutableDictionary<(string, string, string), Reading<string>>> Logs(ClusterSnapshot snapshot)
    {
        var failing = snapshot.Pods.SelectMany(owned => owned.Pods.Where(pod => !PodState.Runs(pod)).Take(LogsOfAWorkload))
            .Concat(snapshot.Replicas.Or([]).Where(pod => !PodState.Runs(pod)).Take(LogsOfAWorkload))
            .Select(pod => (Pod: pod, Status: PodState.Failing(pod)))
            .Where(found => found.Status is { } status && HasRun(status)).Take(LogsAtMost).ToArray();
        var logs = await Task.WhenAll(failing.Select(async found =>
        {
            var (namespaceName, name) = (found.Pod.Text("metadata", "namespace"), found.Pod.Text("metadata", "name"));
            var container = found.Status!.Value.Text("name");
            var previous = PodState.HasRestarted(found.Status.Value) && found.Status.Value.At("state", "running") is null;
            var log = await AtOnce(() => Log(namespaceName, name, container, previous));
            return (Key: (namespaceName, name, container), Log: log);
        }));
        return logs.DistinctBy(log => log.Key).ToImmutableDictionary(log => log.Key, log => log.Log);
    }

    private static bool HasRun(JsonElement status) =>
        status.At("state", "running") is not null || PodState.LastEnd(status) is not null;

    private Task<Reading<string>> Log(string namespaceName, string pod, string container, bool previous) =>
        Reading.Of($"get pods/log in namespace {namespaceName}", () => client.Text(ApiResource.Pods.PathOf(namespaceName, pod)
            + $"/log?container={Uri.EscapeDataString(container)}&tailLines={LogLines}" + (previous ? "&previous=true" : ""),
            cancellation));

    private async Task<ImmutableDictionary<(string, string), Reading<TokenKeys>>> Tokens(ClusterSnapshot snapshot)
    {
        var secrets = TokenNeed.Of(snapshot).Select(need => (need.Namespace, Name: need.Secret)).Distinct().ToArray();
        var readings = await Task.WhenAll(secrets.Select(secret => AtOnce(() => Reading.OfOne(
            $"get secrets/{secret.Name} in namespace {secret.Namespace}",
            () => client.Find(ApiResource.Secrets, secret.Namespace, secret.Name, cancellation)))));
        return secrets.Zip(readings).ToImmutableDictionary(
            pair => pair.First, pair => pair.Second.Then(secret => Reading.Found(TokenKeys.Of(secret))));
    }
}
