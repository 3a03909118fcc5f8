using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Fuzz.Targets;

internal static class EngineTarget
{
    public static void Check(byte[] input)
    {
        var end = input.AsSpan().IndexOf((byte)'\n');
        var (first, second) = end < 0 ? (input, []) : (input[..end], input[(end + 1)..]);
        if (!JsonText.TryParse(first, out var json, out _) || Engines.Read(json) is not { } workload)
        {
            return;
        }

        var injector = Engines.All[Engines.IndexFor(input)];
        var explained = Explainer.Explain(workload, injector);
        Promise.Holds(explained.Gates.All(gate => OneLine.Of(gate.Detail) == gate.Detail), $"an explanation of several lines");
        CheckCreate(injector, workload, json);
        CheckRemove(workload, json);
        if (JsonText.TryParse(second, out var oldJson, out _) && Engines.Read(oldJson) is { } old && old.Kind == workload.Kind)
        {
            var updated = Engines.Apply(json, injector.Update(workload, old));
            CheckSettled(injector, updated, "an update");
        }
    }

    /// <summary>The laws of an object that is created.</summary>
    public static void CheckCreate(Injector injector, Workload workload, JsonElement json)
    {
        var hadRecord = workload.Template.Annotations.ContainsKey(WellKnown.StatusAnnotation);
        var outcome = injector.Inject(workload);
        if (outcome.Code is not (OutcomeCode.Injected or OutcomeCode.Completed))
        {
            Promise.Holds(hadRecord || outcome.Patch.IsEmpty, $"{outcome.Code} has a patch");
            Engines.Apply(json, outcome);
            return;
        }

        var injected = Engines.Apply(json, outcome);
        CheckSettled(injector, injected, "injection");
        if (hadRecord)
        {
            return;
        }

        foreach (var operation in outcome.Patch)
        {
            Promise.Holds(operation.Op == PatchOp.Add || operation.Path.Last == "terminationGracePeriodSeconds",
                $"an injection has {operation.Op} of {operation.Path}");
        }

        var removed = Injector.Remove(Engines.Read(injected)!);
        var back = Engines.Apply(injected, removed);
        var isBack = MountsWhatItLacks(workload) ? JsonEquality.AreEqual(WithoutVolumes(json), WithoutVolumes(back))
            : JsonEquality.AreEqual(json, back);
        Promise.Holds(isBack, $"not given back:\n{json}\n{injected}\n{removed.Sentence}\n{back}");
    }

    /// <summary>Whether an object mounts a volume that it doesn't have. No API server takes it, but the injection may bring the
    /// volume; removal then leaves that, as the object would be refused without it.</summary>
    public static bool MountsWhatItLacks(Workload workload) => workload.Template.InitContainers.Concat(workload.Template.Containers)
        .SelectMany(container => container.Mounts).Any(mount => workload.Template.VolumeNamed(mount.Name) is null);

    /// <summary>Injected once is injected for good, also when it is applied again.</summary>
    public static void CheckSettled(Injector injector, JsonElement injected, string step)
    {
        if (Engines.Read(injected) is not { } workload)
        {
            throw new BrokenPromiseException($"{step} makes an object that can't be read: {injected}");
        }

        var again = injector.Inject(workload);
        Promise.Holds(again.Patch.IsEmpty, $"after {step} comes {again.Code}: {again.Sentence}\n{injected}");
        var update = injector.Update(workload, workload);
        Promise.Holds(update.Patch.IsEmpty, $"after {step} an update brings {update.Code}: {update.Sentence}\n{injected}");
    }

    // Any record: what goes is gone at once, and the rest stays for good.
    private static void CheckRemove(Workload workload, JsonElement json)
    {
        var removed = Engines.Apply(json, Injector.Remove(workload));
        if (Engines.Read(removed) is not { } rest)
        {
            throw new BrokenPromiseException($"a removal makes an object that can't be read: {removed}");
        }

        var again = Injector.Remove(rest);
        Promise.Holds(again.Patch.IsEmpty, $"a second removal changes more: {again.Sentence}\n{removed}");
    }

    private static JsonNode WithoutVolumes(JsonElement json)
    {
        var node = JsonText.ToNode(json)!;
        var spec = node["kind"]!.GetValue<string>() == "Pod" ? node["spec"] : node["spec"]!["template"]!["spec"];
        spec!.AsObject().Remove("volumes");
        return node;
    }
}
