using System.Text.Json;
using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Fuzz.Objects;

namespace RunnerWebhook.Fuzz.Targets;

internal static class ObjectTarget
{
    // In the objects and in the configurations.
    private const string Planted = "PLANTED";

    // Each rule allows no more than the one before it.
    private static readonly Injector[] Policies =
    [
        Policy("{}"),
        Policy("{annotations: [tag-list, description, engine, limit, docker-image, docker-privileged, docker-volumes]}"),
        Policy("{annotations: [tag-list, description, engine, docker-image], privileged: false, hostPaths: [/var/run/docker.sock]}"),
        Policy("{annotations: [tag-list, engine], engines: [hostSocket, none], privileged: false, dockerImages: [\"docker:*\"], "
            + "hostPaths: [/var/run/docker.sock], runnerImages: [\"gitlab/*\"], urls: [\"https://gitlab.example.com/\"]}"),
        Policy("{annotations: [], engines: [none], privileged: false, dockerImages: [], hostPaths: [], runnerImages: [], urls: []}"),
    ];

    public static void Check(byte[] input)
    {
        var choices = new Choices(input);
        var injector = Engines.All[choices.Next(Engines.All.Length)];
        var pod = ObjectGenerator.Pod(choices);
        var json = JsonText.ToElement(pod);
        var daemonSet = JsonText.ToElement(ObjectGenerator.DaemonSet(pod));
        Check(injector, json);
        Check(injector, daemonSet);
        CheckTemplate(injector, json, daemonSet);
        CheckPolicies(json);
        CheckUpdates(injector, daemonSet);
    }

    private static void Check(Injector injector, JsonElement json)
    {
        var workload = Engines.Read(json) ?? throw new BrokenPromiseException($"can't be read: {json}");
        EngineTarget.CheckCreate(injector, workload, json);
        var outcome = injector.Inject(workload);
        var explained = Explainer.Explain(workload, injector);
        Promise.Holds(explained.Outcome.Code == outcome.Code, $"{outcome.Code} is explained as {explained.Outcome.Code}");
        foreach (var sentence in Engines.Sentences(outcome).Concat(explained.Gates.Select(gate => gate.Detail)))
        {
            Promise.Holds(!sentence.Contains(Planted, StringComparison.Ordinal), $"shows a token: {sentence}");
        }

        if (outcome.Code == OutcomeCode.Injected)
        {
            var injected = Engines.Apply(json, outcome);
            var back = Engines.Apply(injected, Injector.Remove(Engines.Read(injected)!));
            Promise.Holds(back.GetRawText() == json.GetRawText(), $"not given back byte for byte:\n{json}\n{back}");
        }
    }

    // Two runners of one DaemonSet differ by the ID that the node gives them, and by nothing else.
    private static void CheckTemplate(Injector injector, JsonElement pod, JsonElement daemonSet)
    {
        if (injector.Configuration.Default.Lifecycle.StableSystemId)
        {
            return;
        }

        var ofPod = injector.Inject(Engines.Read(pod)!).Patch.Select(operation => $"/spec/template{Text(operation)}");
        var ofTemplate = injector.Inject(Engines.Read(daemonSet)!).Patch.Select(Text);
        Promise.Holds(ofPod.SequenceEqual(ofTemplate), $"another patch for the template of\n{pod}");

        static string Text(PatchOperation operation) => $"{operation.Path} {operation.Op} {operation.Value?.ToJsonString()}";
    }

    private static void CheckPolicies(JsonElement json)
    {
        var workload = Engines.Read(json)!;
        var refused = false;
        foreach (var (index, policy) in Policies.Index())
        {
            var outcome = policy.Inject(workload);
            Promise.Holds(!refused || outcome.Patch.IsEmpty, $"rule {index} is stricter, and allows\n{json}");
            refused |= outcome.IsDenied;
        }
    }

    private static void CheckUpdates(Injector injector, JsonElement daemonSet)
    {
        var outcome = injector.Inject(Engines.Read(daemonSet)!);
        if (outcome.Code != OutcomeCode.Injected)
        {
            return;
        }

        var stored = Engines.Apply(daemonSet, outcome);
        var (old, edited) = (Engines.Read(stored)!, JsonText.ToNode(stored)!);
        edited["metadata"]!["labels"]!["edited"] = "yes";
        var edit = injector.Update(Engines.Read(JsonText.ToElement(edited))!, old);
        Promise.Holds(edit.Patch.IsEmpty, $"an edit of metadata brings {edit.Sentence}");
        // A client that knows nothing of the injection puts its own object again.
        var put = Engines.Apply(daemonSet, injector.Update(Engines.Read(daemonSet)!, old));
        Promise.Holds(JsonEquality.AreEqual(put, stored), $"put again, it differs:\n{stored}\n{put}");
        edited["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "other:1";
        var changed = JsonText.ToElement(edited);
        EngineTarget.CheckSettled(injector, Engines.Apply(changed, injector.Update(Engines.Read(changed)!, old)), "a change");
    }

    private static Injector Policy(string allow) => Engines.Of(Engines.Read(
        "apiVersion: runner-webhook/v1\nkind: Configuration\nprofiles: {default: {register: {url: https://gitlab.example.com/, "
        + "docker-image: docker:27, docker-volumes: [/var/run/docker.sock:/var/run/docker.sock]}}}\n"
        + $"policy: [{{namespaces: [\"*\"], allow: {allow}}}]\n"));
}
