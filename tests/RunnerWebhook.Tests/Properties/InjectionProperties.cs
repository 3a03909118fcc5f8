using System.Text.Json.Nodes;
using CsCheck;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests.Injection;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Properties;

/// <summary>Laws that hold for every pod, with fields that nobody has heard of at every level.</summary>
public sealed class InjectionProperties
{
    private static readonly Gen<JsonNode> Unknown = Gen.OneOf(
        Gen.Int.Select(value => (JsonNode)value),
        Gen.String[Gen.Char.AlphaNumeric, 0, 8].Select(value => (JsonNode)value),
        Gen.Const(0).Select(_ => JsonNode.Parse("1e400")!),
        Gen.Const(0).Select(_ => JsonNode.Parse("0.10")!),
        Gen.Long.Select(value => (JsonNode)value),
        Gen.Const(0).Select(_ => JsonNode.Parse("""{"a~/b":[null,{"x":9223372036854775807}]}""")!));

    private static readonly (string Key, string Value)[] Settings =
    [
        ("gitlab-runner/description", "x"), ("gitlab-runner/tag-list", "b,a"), ("gitlab-runner/engine", "dind"),
        ("gitlab-runner/token-secret", "mine"), ("gitlab-runner/limit", "3"), ("other/annotation", "y"),
    ];

    // What the pieces differ by: engines, and everything that comes with a volume, a variable or a container of its own.
    private static readonly string[] Changes =
    [
        "",
        "    engine: {kind: dind, dind: {sidecar: native, sizeLimit: 20480Mi, resources: {limits: {cpu: 1000m}}}}\n",
        "    engine: {kind: dind, dind: {sidecar: container, resources: {}}}\n",
        "    engine: {kind: dind, dind: {sidecar: native}}\n    initContainer: {position: first}\n",
        "    engine: {kind: remote, remote: {host: \"tcp://docker:2376\", tlsSecretName: docker-client}}\n",
        "    template: {configMapName: template}\n    certificates: {secretName: ca}\n    cache: {secretName: c, keys: {cache-s3-secret-key: k}}\n",
        "    certificates: {configMapName: ca, key: a.pem}\n    initContainer: {guard: false}\n",
        "    engine: {kind: none}\n    configVolume: {mountPath: /config, medium: Memory}\n",
    ];

    private static readonly Gen<JsonObject> Pods =
        from seed in Gen.Int[0, int.MaxValue]
        from unknown in Unknown.Array[6]
        from shape in Gen.Int[0, 1023]
        select Pod(unknown, shape);

    private static readonly Gen<(JsonObject Pod, string Change)> Cases = Gen.Select(Pods, Gen.Int[0, Changes.Length - 1].Select(index => Changes[index]));

    [Fact]
    public void Inject_Twice_ChangesNothingMore() => Cases.Sample((pod, change) =>
    {
        var scenario = new InjectorScenario(change);
        var once = scenario.Create(pod);
        scenario.Create(once);
        Assert.Equal(OutcomeCode.AlreadyInjected, scenario.Last.Code);
        Assert.Empty(scenario.Last.Patch);
    });

    [Fact]
    public void Remove_Injected_GivesTheInputBack() => Cases.Sample((pod, change) =>
    {
        var scenario = new InjectorScenario(change);
        var back = scenario.Remove(scenario.Create(pod));
        Assert.Equal(pod.ToJsonString(), back.ToJsonString());
    });

    [Fact]
    public void Remove_InjectedAndStored_GivesTheStoredInputBack() => Cases.Sample((pod, change) =>
    {
        var scenario = new InjectorScenario(change);
        var stored = InjectorScenario.Stored(pod);
        var back = scenario.Remove(InjectorScenario.Stored(scenario.Create(stored)));
        Assert.True(JsonNode.DeepEquals(stored, back), $"{stored}\n{back}");
    });

    [Fact]
    public void Inject_DaemonSet_GivesThePodsPatchUnderItsTemplate() => Cases.Sample((pod, change) =>
    {
        var scenario = new InjectorScenario(change + "    lifecycle: {systemId: random}\n");
        var daemonSet = SampleObjects.DaemonSet();
        daemonSet["spec"]!["template"] = new JsonObject
        {
            ["metadata"] = pod["metadata"]!.DeepClone(),
            ["spec"] = pod["spec"]!.DeepClone(),
        };

        scenario.Create(pod);
        var podPatch = scenario.Last.Patch.Select(operation => $"{operation.Op} /spec/template{operation.Path} {operation.Value?.ToJsonString()}").ToArray();
        scenario.Create(daemonSet);

        Assert.Equal(podPatch, scenario.Last.Patch.Select(operation => $"{operation.Op} {operation.Path} {operation.Value?.ToJsonString()}"));
    });

    [Fact]
    public void Inject_AnnotationsInAnyOrder_GivesTheSame()
    {
        string? expected = null;
        Gen.Shuffle(Settings).Sample(annotations =>
        {
            var scenario = new InjectorScenario();
            var pod = SampleObjects.Pod();
            pod["metadata"]!["annotations"] = new JsonObject(annotations.Select(
                annotation => KeyValuePair.Create(annotation.Key, (JsonNode?)annotation.Value)));

            var spec = scenario.Create(pod)["spec"]!.ToJsonString();

            Assert.Contains("--limit=3", spec);
            Assert.Equal(expected ??= spec, spec);
        });
    }

    [Fact]
    public void Inject_AnyPod_OnlyEverAdds() => Cases.Sample((pod, change) =>
    {
        var scenario = new InjectorScenario(change);
        scenario.Create(pod);
        Assert.All(scenario.Last.Patch, operation => Assert.Equal(Core.Json.PatchOp.Add, operation.Op));
    });

    private static JsonObject Pod(JsonNode[] unknown, int shape)
    {
        var pod = SampleObjects.Pod();
        pod["futureField"] = unknown[0].DeepClone();
        pod["metadata"]!["futureField"] = unknown[1].DeepClone();
        pod["spec"]!["futureField"] = unknown[2].DeepClone();
        pod["spec"]!["containers"]![0]!["futureField"] = unknown[3].DeepClone();
        var has = (int bit) => (shape & (1 << bit)) != 0;
        if (has(0))
        {
            pod["metadata"]!["annotations"] = has(1) ? new JsonObject { ["a/b~c"] = "x" } : new JsonObject();
        }

        if (has(2))
        {
            pod["spec"]!["volumes"] = has(3)
                ? new JsonArray(new JsonObject { ["name"] = "data", ["futureSource"] = unknown[4].DeepClone() })
                : new JsonArray();
        }

        if (has(4))
        {
            pod["spec"]!["initContainers"] = has(5)
                ? new JsonArray(new JsonObject { ["name"] = "first", ["image"] = "i", ["futureField"] = unknown[5].DeepClone() })
                : new JsonArray();
        }

        if (has(6))
        {
            pod["spec"]!["containers"]![0]!["volumeMounts"] = has(7)
                ? new JsonArray(new JsonObject { ["name"] = "data", ["mountPath"] = "/data", ["futureField"] = true })
                : new JsonArray();
        }

        var containers = pod["spec"]!["containers"]!.AsArray();
        if (has(8))
        {
            containers.Insert(0, new JsonObject { ["name"] = "before", ["image"] = "i" });
        }

        if (has(9))
        {
            containers.Add(new JsonObject { ["name"] = "behind", ["image"] = "i", ["futureField"] = unknown[3].DeepClone() });
        }

        return pod;
    }
}
