using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Oracle;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>An engine, and the steps of an object's life as the API server takes them.</summary>
internal sealed class InjectorScenario(string? change = null, KubernetesVersion? kubernetes = null, string version = "1.2.3")
{
    // Thousands of scenarios have the same few.
    private static readonly ConcurrentDictionary<string, RunnerConfiguration> Configurations = new(StringComparer.Ordinal);

    private readonly Injector _injector =
        new(Configurations.GetOrAdd(change ?? "", Configuration), version) { Kubernetes = kubernetes };

    public InjectionOutcome Last { get; private set; } = null!;

    /// <summary>The digest of the settings that a workload without any of its own gets.</summary>
    public string Revision => ConfigurationWriter.Revision(_injector.Configuration.Default);

    public JsonObject Create(JsonObject obj) => Apply(obj, Last = _injector.Inject(Read(obj)));

    public JsonObject Update(JsonObject obj, JsonObject old) => Apply(obj, Last = _injector.Update(Read(obj), Read(old)));

    /// <summary>Decides on an update whose values other libraries can't compare.</summary>
    public void Decide(JsonObject obj, JsonObject old) => Last = _injector.Update(Read(obj), Read(old));

    public JsonObject Remove(JsonObject obj) => Apply(obj, Last = Injector.Remove(Read(obj)));

    /// <summary>An update as the webhook takes it, where the labels of both objects decide.</summary>
    public JsonObject Review(JsonObject obj, JsonObject old)
    {
        using var request = new AdmissionRequest
        {
            Uid = "",
            SubResource = "",
            Operation = "UPDATE",
            ApiVersion = (string)obj["apiVersion"]!,
            Kind = (string)obj["kind"]!,
            Namespace = (string)obj["metadata"]!["namespace"]!,
            Name = (string)obj["metadata"]!["name"]!,
            Object = JsonElement.Parse(obj.ToJsonString()),
            OldObject = JsonElement.Parse(old.ToJsonString()),
        };
        return Apply(obj, Last = AdmissionReviewer.Review(request, _injector, metadata: null));
    }

    /// <summary>An update of a stored DaemonSet drops something, and it is put back.</summary>
    public void AssertPutsBack(Action<JsonObject> drop)
    {
        var stored = Stored(Create(SampleObjects.DaemonSet()));
        var put = stored.DeepClone().AsObject();
        drop(put);

        var after = Update(put, stored);

        Assert.Equal(OutcomeCode.Completed, Last.Code);
        Assert.True(JsonNode.DeepEquals(stored, after), $"{stored}\n{after}");
    }

    public static Workload Read(JsonObject obj)
    {
        var json = JsonElement.Parse(obj.ToJsonString());
        var kind = WorkloadKind.Find((string)obj["apiVersion"]!, (string)obj["kind"]!)!;
        var workload = WorkloadReader.Read(json, kind, "", out var problems);
        Assert.Empty(problems);
        return workload!;
    }

    /// <summary>What the API server stores of an object: defaults added, empty fields dropped.</summary>
    public static JsonObject Stored(JsonObject obj)
    {
        var stored = obj.DeepClone().AsObject();
        var isPod = (string)obj["kind"]! == "Pod";
        var spec = (isPod ? stored : stored["spec"]!["template"]!)["spec"]!.AsObject();
        foreach (var container in spec["containers"]!.AsArray().Concat(spec["initContainers"]?.AsArray() ?? []))
        {
            container!["terminationMessagePath"] = "/dev/termination-log";
            container["terminationMessagePolicy"] = "File";
            container["imagePullPolicy"] ??= "IfNotPresent";
            container["resources"] ??= new JsonObject();
            foreach (var mount in container["volumeMounts"]?.AsArray() ?? [])
            {
                if (mount!["readOnly"] is { } readOnly && !(bool)readOnly)
                {
                    mount.AsObject().Remove("readOnly");
                }
            }

            StoreContainer(container.AsObject(), isPod);
        }

        foreach (var volume in spec["volumes"]?.AsArray() ?? [])
        {
            StoreVolume(volume!.AsObject());
        }

        spec["terminationGracePeriodSeconds"] ??= 30;
        spec["restartPolicy"] = "Always";
        return stored;
    }

    private static void StoreContainer(JsonObject container, bool isPod)
    {
        if (container["resources"]!["limits"] is JsonObject limits)
        {
            limits["cpu"] = (string?)limits["cpu"] == "1000m" ? "1" : limits["cpu"]?.DeepClone();
            foreach (var (resource, limit) in isPod ? limits : [])
            {
                var requests = container["resources"]!["requests"] ??= new JsonObject();
                requests[resource] ??= limit?.DeepClone();
            }
        }

        foreach (var variable in container["env"]?.AsArray() ?? [])
        {
            if (variable!["value"] is JsonValue value && value.ToString().Length == 0)
            {
                variable.AsObject().Remove("value");
            }
        }

        if (container["startupProbe"] is JsonObject probe)
        {
            probe["timeoutSeconds"] ??= 1;
            probe["periodSeconds"] ??= 10;
            probe["successThreshold"] ??= 1;
            probe["failureThreshold"] ??= 3;
        }
    }

    private static void StoreVolume(JsonObject volume)
    {
        foreach (var source in new[] { "secret", "configMap" })
        {
            if (volume[source] is JsonObject files)
            {
                files["defaultMode"] ??= 420;
            }
        }

        if (volume["hostPath"] is JsonObject hostPath)
        {
            hostPath["type"] ??= "";
        }

        if (volume["emptyDir"] is JsonObject emptyDir && (string?)emptyDir["sizeLimit"] == "20480Mi")
        {
            emptyDir["sizeLimit"] = "20Gi";
        }
    }

    private static RunnerConfiguration Configuration(string change)
    {
        var text = File.ReadAllText(SampleObjects.ConfigFile) + change;
        var configuration = ConfigurationFile.Read(text, "config.yaml", out var mistakes);
        Assert.Empty(mistakes);
        return configuration!;
    }

    private static JsonObject Apply(JsonObject obj, InjectionOutcome outcome) => AppliedPatch.Of(
        obj.ToJsonString(), System.Text.Encoding.UTF8.GetString(PatchWriter.Write(outcome.Patch))).AsObject();
}
