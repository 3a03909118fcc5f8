using System.Text.Json;
using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>Lets the engine judge the labelled Pods and DaemonSets: the same engine that injects them.</summary>
internal static class WorkloadJudge
{
    // Whether a workload is injected can be judged without the configuration.
    private static readonly Injector Unconfigured = new(RunnerConfiguration.BuiltIn, ProgramVersion.Text);

    /// <summary>The snapshot with its workloads judged.</summary>
    public static ClusterSnapshot Judge(ClusterSnapshot snapshot)
    {
        var labelled = snapshot.Objects.Where(objects => !objects.Kind.AdmittedOn.IsEmpty)
            .SelectMany(objects => objects.Found.Select(json => (objects.Kind, Json: json)));
        return snapshot with
        {
            // Thousands are judged in a second by one core, and sooner by several.
            Workloads = [.. labelled.AsParallel().AsOrdered().Select(item => Judge(snapshot, item.Kind, item.Json))
                .OfType<JudgedWorkload>()],
        };
    }

    private static JudgedWorkload? Judge(ClusterSnapshot snapshot, WorkloadKind kind, JsonElement json)
    {
        if (WorkloadReader.Read(json, kind, "", out _) is not { IsLabelled: true } workload)
        {
            return null;
        }

        workload = workload with { NamespaceMetadata = snapshot.NamespaceNamed(workload.Namespace) };
        var injector = snapshot.Configuration.Injector;
        var explanation = Explainer.Explain(workload, injector ?? Unconfigured);
        // Its pods are judged one by one, if they are labelled.
        var state = explanation.Outcome.Code == OutcomeCode.LeftAloneForItsPods && workload.Template.AsksForRunner
            && snapshot.Configuration.Injector is not null ? null : StateOf(explanation, isConfigured: injector is not null);
        return state is { } found
            ? new(workload, WorkloadOwner.Of(json, kind), found, explanation, PodsBehind(json))
            : null;
    }

    private static int PodsBehind(JsonElement json) =>
        Math.Max(0, json.Number("status", "currentNumberScheduled") - json.Number("status", "updatedNumberScheduled"));

    // Null for objects that are no longer injected.
    private static WorkloadState? StateOf(Explanation explanation, bool isConfigured) => explanation.Outcome.Code switch
    {
        OutcomeCode.LeftAloneBeingDeleted or OutcomeCode.LeftAloneMirrorPod => null,
        OutcomeCode.LeftAloneRegistersByHand or OutcomeCode.Removed => WorkloadState.ByHand,
        OutcomeCode.AlreadyInjected when !isConfigured => WorkloadState.Current,
        OutcomeCode.AlreadyInjected when explanation.Today.IsDenied => WorkloadState.RefusedToday,
        OutcomeCode.AlreadyInjected when explanation.IsOutdated => WorkloadState.Outdated,
        OutcomeCode.AlreadyInjected => WorkloadState.Current,
        _ => WorkloadState.Bare,
    };
}
