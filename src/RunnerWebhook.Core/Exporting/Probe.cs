using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>Asks the engine what it does with a pod made up for the purpose: whatever a policy says or adds is what the engine
/// says or adds.</summary>
internal static class Probe
{
    /// <summary>An image of the newest gitlab-runner.</summary>
    public const string Image = "gitlab/gitlab-runner:v99.0";

    // The releases that have MutatingAdmissionPolicy all have native sidecars.
    private static readonly KubernetesVersion Kubernetes = new(1, 36);

    /// <summary>The plan for a pod template.</summary>
    /// <param name="profile">The settings.</param>
    /// <param name="template">The template; its first container is the runner's.</param>
    /// <param name="daemonSet">The name of the DaemonSet whose template it is; null for a Pod.</param>
    public static PodPlan Plan(RunnerProfile profile, JsonObject template, string? daemonSet = null)
    {
        var workload = Read(template, daemonSet);
        return InjectionPlanner.Plan(new(workload, workload.Template, workload.Template.Containers[0], profile,
            ImmutableSortedDictionary<PieceAddress, string>.Empty)
        { Kubernetes = Kubernetes });
    }

    /// <summary>What the engine says of a pod template that it refuses, without the object's name.</summary>
    public static string Refusal(RunnerProfile profile, JsonObject template)
    {
        var reasons = Plan(profile, template).Problems.Select(problem => problem.Reason).Distinct().ToArray();
        return reasons.Length > 0 ? string.Join("; ", reasons)
            : throw new InvalidOperationException("the engine does not refuse what a policy would");
    }

    /// <summary>What the engine says of a pod in which it finds no runner container.</summary>
    public static string NoRunner(JsonObject template)
    {
        _ = RunnerContainer.Find(Read(template, null), new(), out var problem);
        return problem!.Reason;
    }

    /// <summary>What the engine says of a pod before it asks the configuration.</summary>
    public static string Refused(JsonObject template)
    {
        var workload = Read(template, null);
        return Unnamed(new Injector(RunnerConfiguration.BuiltIn, "").RenderAnew(workload).Outcome, workload);
    }

    /// <summary>A pod template with a runner container.</summary>
    /// <param name="name">The container's name.</param>
    /// <param name="container">Further fields of the container.</param>
    /// <param name="spec">Further fields of the spec.</param>
    public static JsonObject Template(string name = WellKnown.RunnerContainer, JsonObject? container = null,
        JsonObject? spec = null)
    {
        var runner = new JsonObject { ["name"] = name, ["image"] = Image };
        Merge(runner, container);
        var template = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray(runner) } };
        Merge(template["spec"]!.AsObject(), spec);
        return template;
    }

    // Sentences begin with the object's name and a colon.
    private static string Unnamed(InjectionOutcome outcome, Workload workload) =>
        outcome.Sentence[(workload.DisplayName.Length + 2)..];

    private static void Merge(JsonObject into, JsonObject? more)
    {
        foreach (var (key, value) in more ?? [])
        {
            into[key] = value?.DeepClone();
        }
    }

    private static Workload Read(JsonObject template, string? daemonSet)
    {
        var json = template.DeepClone().AsObject();
        var kind = WorkloadKind.Find("v1", "Pod")!;
        if (daemonSet is not null)
        {
            kind = WorkloadKind.Find("apps/v1", "DaemonSet")!;
            json = new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = daemonSet },
                ["spec"] = new JsonObject { ["template"] = json },
            };
        }

        return WorkloadReader.Read(JsonText.ToElement(json), kind, "", out _)!;
    }
}
