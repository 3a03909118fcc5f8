using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.Judges;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.ClusterTests.Manifests;

/// <summary>An update of a DaemonSet that the webhook has injected, with its configuration as admission policies.</summary>
/// <param name="Golden">The golden case of the DaemonSet.</param>
/// <param name="Name">What changes.</param>
/// <param name="Old">The DaemonSet as it is stored.</param>
/// <param name="New">The DaemonSet as it comes in.</param>
internal sealed record ExportedUpdate(ExportedCase Golden, string Name, JsonNode Old, JsonNode New)
{
    /// <summary>What changes a DaemonSet, by name; null where there is no such thing to change. The first argument is what the team
    /// wrote, the second what is stored.</summary>
    private static readonly (string Name, Func<JsonNode, JsonNode, JsonNode?> Change)[] Changes =
    [
        ("metadata annotated", (_, stored) => Edit(stored, json => OwnNotes(json)["note"] = "x")),
        ("metadata annotated with a setting", (_, stored) => Edit(stored, json => OwnNotes(json)["gitlab-runner/description"] = "mine")),
        ("metadata annotated with a mistake", (_, stored) => Edit(stored, json => OwnNotes(json)["gitlab-runner/limit"] = "many")),
        ("another image", (_, stored) => Edit(stored, json => Runner(json)["image"] = "gitlab/gitlab-runner:v17.6.1")),
        ("restarted", (_, stored) => Edit(stored, json => Notes(json)["kubectl.kubernetes.io/restartedAt"] = "2026-11-27T12:00:00Z")),
        ("annotation of a setting", (_, stored) => Edit(stored, json => Notes(json)["gitlab-runner/description"] = "mine")),
        ("a container more", (_, stored) => Edit(stored, json => Spec(json)["containers"]!.AsArray()
            .Add((JsonNode)new JsonObject { ["name"] = "more", ["image"] = "busybox:1.37" }))),
        ("label removed", (_, stored) => Unlabelled(stored)),
        ("label removed, image changed", (_, stored) => Edit(Unlabelled(stored)!, json => Runner(json)["image"] = "gitlab/gitlab-runner:v17.6.1")),
        ("label removed, grace period edited", (_, stored) => Edit(Unlabelled(stored)!, json => Spec(json)["terminationGracePeriodSeconds"] = 60)),
        ("label removed, registration edited", (_, stored) => Init(stored) is not { } init ? null : Edit(Unlabelled(stored)!, json =>
            Init(json)!["args"] = new JsonArray([.. init["args"]!.AsArray().Select(word => word!.DeepClone()), JsonValue.Create("--locked=true")]))),
        ("label removed, volume edited", (_, stored) => Edit(Unlabelled(stored)!, json =>
            Volume(json, "runner-config")?["emptyDir"]!.AsObject().Add("medium", "Memory"))),
        ("label removed, volume in use", (_, stored) => Edit(Unlabelled(stored)!, json => Spec(json)["containers"]!.AsArray().Add(
            (JsonNode)new JsonObject
            {
                ["name"] = "more",
                ["image"] = "busybox:1.37",
                ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "runner-config", ["mountPath"] = "/config" }),
            }))),
        ("annotation with a mistake", (_, stored) => Edit(stored, json => Notes(json)["gitlab-runner/limit"] = "many")),
        ("variable of another plugin", (_, stored) => Init(stored) is null ? null : Edit(stored, json =>
        {
            ((JsonArray)(Init(json)!["env"] ??= new JsonArray())).Add((JsonNode)new JsonObject { ["name"] = "OTHER", ["value"] = "x" });
            Notes(json)["kubectl.kubernetes.io/restartedAt"] = "2026-11-27T12:00:00Z";
        })),
        ("put back as written", (written, _) => Edit(written, _ => { })),
        ("put back as written, with another image", (written, _) => Edit(written, json => Runner(json)["image"] = "gitlab/gitlab-runner:v17.6.1")),
        ("init container dropped", (_, stored) => Edit(stored, json => Spec(json).Remove("initContainers"))),
        ("mounts dropped", (_, stored) => Edit(stored, json => Runner(json).Remove("volumeMounts"))),
        ("grace period dropped", (_, stored) => Edit(stored, json => Spec(json)["terminationGracePeriodSeconds"] = 30)),
        ("hook dropped", (_, stored) => Edit(stored, json => Runner(json).Remove("lifecycle"))),
        ("record dropped", (_, stored) => Edit(stored, json => Notes(json).Remove("gitlab-runner/status"))),
        ("grace period edited", (_, stored) => Edit(stored, json => Spec(json)["terminationGracePeriodSeconds"] = 60)),
        ("registration edited", (_, stored) => Init(stored) is not { } init ? null : Edit(stored, json =>
            Init(json)!["args"] = new JsonArray([.. init["args"]!.AsArray().Select(word => word!.DeepClone()), JsonValue.Create("--locked=true")]))),
        ("resources of the init container edited", (_, stored) => Init(stored) is null ? null : Edit(stored, json =>
            Init(json)!["resources"] = new JsonObject { ["limits"] = new JsonObject { ["memory"] = "99Mi" } })),
        ("volume edited", (_, stored) => Edit(stored, json => Volume(json, "runner-config")?["emptyDir"]!.AsObject().Add("medium", "Memory"))),
        ("grace period edited, image too", (_, stored) => Edit(stored, json =>
        {
            Spec(json)["terminationGracePeriodSeconds"] = 60;
            Runner(json)["image"] = "gitlab/gitlab-runner:v17.6.1";
        })),
        ("a volume in the folder", (_, stored) => Edit(stored, json =>
        {
            var mounts = Runner(json)["volumeMounts"]?.AsArray() ?? [];
            mounts.FirstOrDefault(mount => (string)mount!["mountPath"]! == "/etc/gitlab-runner")?.AsObject()["name"] = "mine";
            Spec(json)["volumes"]?.AsArray().Add((JsonNode)new JsonObject { ["name"] = "mine", ["emptyDir"] = new JsonObject() });
        })),
    ];

    // Compiling policies takes longer than all the rest: one case of each engine, and of what makes a difference.
    private static readonly string[] Cases =
        ["minimal-daemonset", "certificates-below-the-configuration", "dind-native", "remote-tls", "seed"];

    /// <summary>What the API server is asked.</summary>
    public PolicyQuestion Question => new(Golden.Policies, [new("UPDATE", New, Old, ExportedCase.Space(New))]);

    /// <summary>Both objects, as a question that only reads them: an API server leaves out what is empty.</summary>
    public PolicyQuestion Unread => new([], [new("CREATE", New, null, new JsonObject()), new("CREATE", Old, null, new JsonObject())]);

    /// <summary>What the webhook makes of the update, as a question that only reads it.</summary>
    public PolicyQuestion Expected => new([], Outcome.IsDenied ? [] : [new("CREATE",
        JsonPatch.Apply(New.DeepClone(), Outcome.Patch)!, null, new JsonObject())]);

    private InjectionOutcome Outcome
    {
        get
        {
            var (old, updated) = (ExportedCase.Read(Old), ExportedCase.Read(New));
            return updated.IsLabelled ? Golden.Injector.Update(updated, old) : Injector.Remove(updated, old);
        }
    }

    /// <summary>Every update of some golden cases.</summary>
    /// <param name="earlier">The settings by which the DaemonSets were stored.</param>
    public static IEnumerable<ExportedUpdate> All(string earlier)
    {
        foreach (var golden in ExportedCase.All().Where(golden => Cases.Contains(golden.Name)))
        {
            var configuration = golden.Injector.Configuration;
            var before = new Injector(configuration with
            {
                Profiles = configuration.Profiles.ToDictionary(profile => profile.Key, profile => Earlier(profile.Value, earlier))
                    .ToImmutableDictionary(),
            }, ProgramVersion.Text)
            { Kubernetes = new(1, 36) };
            foreach (var written in golden.Objects.Where(json => (string)json["kind"]! == "DaemonSet").Select(Defaulted))
            {
                var outcome = before.Inject(ExportedCase.Read(written));
                if (outcome.Code != OutcomeCode.Injected)
                {
                    continue;
                }

                var stored = JsonPatch.Apply(written.DeepClone(), outcome.Patch)!;
                var today = golden.Injector.Inject(ExportedCase.Read(written)).Patch;
                yield return new(golden, "undone", JsonPatch.Apply(written.DeepClone(), today)!, stored);
                foreach (var (name, change) in Changes)
                {
                    if (change(written, stored) is { } changed)
                    {
                        yield return new(golden, name, stored, changed);
                    }
                }
            }
        }
    }

    /// <summary>How the policies' answer differs from the webhook's; empty for not at all.</summary>
    public string Difference(PolicyAnswer answer, PolicyAnswer[] webhook)
    {
        var denied = Outcome.IsDenied ? Outcome.Sentence : "";
        var title = $"{Golden.Name}, {Name} ({Outcome.Code}): ";
        if (answer.Error.Length > 0 || answer.Denied != denied)
        {
            return $"{title}policy: {answer.Error}{answer.Denied} webhook: {denied}";
        }

        if (denied.Length > 0)
        {
            return "";
        }

        var (own, theirs) = (ExportedCase.Compact(answer.Object!), ExportedCase.Compact(webhook[0].Object!));
        return JsonNode.DeepEquals(own, theirs) ? "" : $"{title}policy: {own.ToJsonString()} webhook: {theirs.ToJsonString()}";
    }

    private static RunnerProfile Earlier(RunnerProfile profile, string how) => how switch
    {
        "another description" => profile with { Register = profile.Register.SetItem("description", ["Earlier"]) },
        "another engine" => profile with
        {
            Engine = profile.Engine with { Kind = profile.Engine.Kind == EngineKind.Dind ? EngineKind.HostSocket : EngineKind.Dind },
        },
        "no unregistering" => profile with { Lifecycle = profile.Lifecycle with { Unregister = !profile.Lifecycle.Unregister } },
        _ => profile,
    };

    // The API server's default, as every stored DaemonSet has it.
    private static JsonNode Defaulted(JsonNode written) => Edit(written, json => Spec(json)["terminationGracePeriodSeconds"] ??= 30);

    private static JsonNode Edit(JsonNode json, Action<JsonNode> edit)
    {
        var copy = json.DeepClone();
        edit(copy);
        return copy;
    }

    private static JsonNode? Unlabelled(JsonNode stored) => Edit(stored, json => json["metadata"]!["labels"]!.AsObject().Remove("gitlab-runner"));

    private static JsonObject Spec(JsonNode json) => json["spec"]!["template"]!["spec"]!.AsObject();

    private static JsonNode OwnNotes(JsonNode json) => json["metadata"]!["annotations"] ??= new JsonObject();

    private static JsonObject Notes(JsonNode json)
    {
        var metadata = (JsonObject)(json["spec"]!["template"]!["metadata"] ??= new JsonObject());
        return (JsonObject)(metadata["annotations"] ??= new JsonObject());
    }

    private static JsonObject Runner(JsonNode json)
    {
        var containers = Spec(json)["containers"]!.AsArray();
        return (containers.FirstOrDefault(container => (string)container!["name"]! == WellKnown.RunnerContainer) ?? containers[0]!).AsObject();
    }

    private static JsonObject? Init(JsonNode json) => Spec(json)["initContainers"]?.AsArray()
        .FirstOrDefault(init => init!["args"] is JsonArray args && args.Any(word => (string)word! == "--non-interactive"))?.AsObject();

    private static JsonObject? Volume(JsonNode json, string name) => Spec(json)["volumes"]?.AsArray()
        .FirstOrDefault(volume => (string)volume!["name"]! == name)?.AsObject();
}
