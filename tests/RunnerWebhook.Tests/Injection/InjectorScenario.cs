using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Oracle;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>An engine, and the steps of an object's life as the API server takes them.</summary>
internal sealed class InjectorScenario(string? change = null)
{
    private readonly Injector _injector = new(Configuration(change), "1.2.3");

    public InjectionOutcome Last { get; private set; } = null!;

    public string Revision => _injector.Revision;

    public JsonObject Create(JsonObject obj) => Apply(obj, Last = _injector.Inject(Read(obj)));

    public JsonObject Update(JsonObject obj, JsonObject old) => Apply(obj, Last = _injector.Update(Read(obj), Read(old)));

    public JsonObject Remove(JsonObject obj) => Apply(obj, Last = Injector.Remove(Read(obj)));

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
        var spec = ((string)obj["kind"]! == "Pod" ? stored : stored["spec"]!["template"]!)["spec"]!.AsObject();
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

            if (container["resources"]!["limits"] is JsonObject limits && (string?)limits["cpu"] == "1000m")
            {
                limits["cpu"] = "1";
            }
        }

        spec["terminationGracePeriodSeconds"] ??= 30;
        spec["restartPolicy"] = "Always";
        return stored;
    }

    private static Core.Settings.RunnerConfiguration Configuration(string? change)
    {
        var text = File.ReadAllText(SampleObjects.ConfigFile) + change;
        var configuration = ConfigurationFile.Read(text, "config.yaml", out var mistakes);
        Assert.Empty(mistakes);
        return configuration!;
    }

    private static JsonObject Apply(JsonObject obj, InjectionOutcome outcome) => AppliedPatch.Of(
        obj.ToJsonString(), System.Text.Encoding.UTF8.GetString(PatchWriter.Write(outcome.Patch))).AsObject();
}
