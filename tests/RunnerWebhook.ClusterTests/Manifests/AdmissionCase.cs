using System.Text.Json.Nodes;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.ClusterTests.Manifests;

/// <summary>One request for admission.</summary>
/// <param name="Name">How messages call it.</param>
/// <param name="Injector">The engine with the configuration that the request meets.</param>
/// <param name="Object">The object.</param>
/// <param name="OldObject">The object as it is stored; null for a CREATE.</param>
internal sealed record AdmissionCase(string Name, Injector Injector, JsonNode Object, JsonNode? OldObject = null)
{
    public string Kind => (string)Object["kind"]!;

    public string Operation => OldObject is null ? "CREATE" : "UPDATE";

    /// <summary>Where the pod template's own fields are.</summary>
    public static JsonNode TemplateOf(JsonNode workload) =>
        (string)workload["kind"]! == "Pod" ? workload : workload["spec"]!["template"]!;

    /// <summary>What the webhook would answer.</summary>
    public InjectionOutcome Outcome()
    {
        var (workload, old) = (Read(Object), OldObject is null ? null : Read(OldObject));
        return !workload.IsLabelled ? Injector.Remove(workload, old)
            : old is null ? Injector.Inject(workload) : Injector.Update(workload, old);
    }

    /// <summary>The object with the webhook's answer applied.</summary>
    public JsonNode Injected() => JsonPatch.Apply(Object.DeepClone(), Outcome().Patch)!;

    private static Workload Read(JsonNode node)
    {
        var json = JsonText.ToElement(node);
        var kind = WorkloadKind.Find((string)node["apiVersion"]!, (string)node["kind"]!)!;
        return WorkloadReader.Read(json, kind, "default", out var problems)
            ?? throw new InvalidDataException(string.Join("; ", problems));
    }
}
