using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>What another configuration would change for the labelled workloads.</summary>
/// <param name="Unchanged">Workloads that stay as they are.</param>
/// <param name="WouldRoll">Workloads that a rollout restart would render anew.</param>
/// <param name="WouldBeRefused">Workloads whose next change would be refused.</param>
internal sealed record ChangePreview(int Unchanged, int WouldRoll, int WouldBeRefused)
{
    /// <summary>The name of the line.</summary>
    public const string Name = "changes";

    // What the API server keeps of an object for itself.
    private static readonly string[] Bookkeeping =
        ["managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink"];

    /// <summary>The totals, workload by workload: pods count for their owner.</summary>
    public static ChangePreview Of(ClusterSnapshot snapshot)
    {
        var owners = snapshot.Workloads.GroupBy(workload => workload.Owner).ToArray();
        var refused = owners.Count(owner => owner.Any(IsRefused));
        var rolls = owners.Count(owner => !owner.Any(IsRefused)
            && owner.Any(workload => workload.State == WorkloadState.Outdated));
        return new(owners.Length - refused - rolls, rolls, refused);
    }

    /// <summary>The totals as a line.</summary>
    public CheckResult Result()
    {
        var sentence = string.Create(CultureInfo.InvariantCulture,
            $"with this configuration {Unchanged} workloads are unchanged, {WouldRoll} would roll, {WouldBeRefused} would be ")
            + "refused";
        return WouldBeRefused == 0 ? CheckResult.Pass(Name, sentence)
            : CheckResult.Warn(Name, sentence, "change the configuration or the workloads that outdated and injected name above");
    }

    /// <summary>A workload as it is stored, and as it would be rendered today.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="kind">The kind, in any case.</param>
    /// <param name="name">The name.</param>
    /// <returns>Null if there is no such labelled workload.</returns>
    /// <exception cref="InvalidOperationException">It would be refused; the message says why.</exception>
    public static (JsonNode Stored, JsonNode Rendered)? Render(ClusterSnapshot snapshot, string kind, string name)
    {
        var found = snapshot.Objects
            .Where(objects => !objects.Kind.AdmittedOn.IsEmpty
                && objects.Kind.Kind.Equals(kind, StringComparison.OrdinalIgnoreCase))
            .SelectMany(objects => objects.Found.Select(json => (objects.Kind, Json: json)))
            .FirstOrDefault(item => item.Json.Text("metadata", "name") == name);
        if (found.Kind is null || snapshot.Configuration.Injector is not { } injector)
        {
            return null;
        }

        var stored = Cleaned(found.Json, found.Kind);
        var bare = Applied(stored, Injector.Remove(Read(snapshot, stored, found.Kind)).Patch);
        var outcome = injector.Inject(Read(snapshot, bare, found.Kind));
        return outcome.IsDenied ? throw new InvalidOperationException(outcome.Sentence) : (stored, Applied(bare, outcome.Patch));
    }

    private static bool IsRefused(JudgedWorkload workload) => workload.State == WorkloadState.RefusedToday
        || (workload.State == WorkloadState.Bare && workload.Explanation.Outcome.IsDenied);

    private static JsonNode Applied(JsonNode json, ImmutableArray<PatchOperation> patch) =>
        JsonPatch.Apply(json.DeepClone(), patch)!;

    private static Workload Read(ClusterSnapshot snapshot, JsonNode json, WorkloadKind kind)
    {
        var workload = WorkloadReader.Read(JsonElement.Parse(json.ToJsonString()), kind, "", out _)!;
        return workload with { NamespaceMetadata = snapshot.NamespaceNamed(workload.Namespace) };
    }

    // Items of a list carry neither apiVersion nor kind.
    private static JsonObject Cleaned(JsonElement json, WorkloadKind kind)
    {
        var cleaned = new JsonObject
        {
            ["apiVersion"] = kind.Group.Length == 0 ? "v1" : $"{kind.Group}/v1",
            ["kind"] = kind.Kind,
        };
        foreach (var field in json.EnumerateObject().Where(field => field.Name is not ("apiVersion" or "kind" or "status")))
        {
            cleaned[field.Name] = JsonText.ToNode(field.Value);
        }

        foreach (var name in Bookkeeping)
        {
            cleaned["metadata"]!.AsObject().Remove(name);
        }

        return cleaned;
    }
}
