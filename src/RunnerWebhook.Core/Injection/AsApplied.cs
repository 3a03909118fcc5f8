using System.Collections.Immutable;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>Labelled DaemonSets that are stored as they were applied, because their pods are injected
/// (<c>daemonSets: pods</c>).</summary>
internal static class AsApplied
{
    private const string NoLabel = "the pod template lacks the label " + WellKnown.InjectLabel + ": " + WellKnown.InjectValue;

    /// <summary>What comes of a DaemonSet.</summary>
    /// <param name="injector">The engine.</param>
    /// <param name="workload">The object.</param>
    /// <param name="old">The object as it is stored; null if it is being created.</param>
    /// <returns>Null for other kinds, and if templates are injected.</returns>
    public static Decision? Decide(Injector injector, Workload workload, Workload? old)
    {
        if (!injector.Configuration.InjectsPodsOf(workload.Kind))
        {
            return null;
        }

        var before = old is null ? null : RecordedPieces.Of(old.Template);
        var recorded = RecordedPieces.Of(workload.Template, old?.Template);
        var isComplete = Injector.IsComplete(workload, recorded);
        if (!workload.Template.AsksForRunner)
        {
            return new(isComplete
                ? Injector.Already(workload, recorded) with
                {
                    Advice = [$"{NoLabel}: what was injected earlier stays as it is (daemonSets is pods): add the label"],
                }
                : Alone(workload, "and its pods get no runner",
                    [$"{NoLabel}: its pods get no runner (daemonSets is pods): add it to spec.template.metadata.labels"]));
        }

        var isUnchanged = before is not null && UserPart.IsSame(workload.Template, recorded, old!.Template, before);
        if (isComplete && !isUnchanged && before is not null && IsCarriedOver(recorded, before))
        {
            // Its pods roll in any case. From now on each of them is injected.
            var removed = Injector.Remove(workload, old);
            return new(removed with { Sentence = $"{removed.Sentence}; its pods are injected instead (daemonSets is pods)" });
        }

        return isComplete ? new(Injector.Already(workload, recorded)) : Foresee(injector, workload, isUnchanged);
    }

    // Pieces that a user applies, or that an undo brings back, are part of what was applied.
    private static bool IsCarriedOver(RecordedPieces recorded, RecordedPieces before) =>
        before.Status?.ToJson() == recorded.Status!.ToJson();

    // Controllers drop the warnings about pods that they create, so the DaemonSet's answer has them.
    private static Decision Foresee(Injector injector, Workload workload, bool isUnchanged)
    {
        if (isUnchanged || (injector.Configuration.WatchNamespaces && workload.NamespaceMetadata is null))
        {
            return new(Alone(workload, "and its pods are injected", []));
        }

        var pods = injector.RenderAnew(workload with { Annotations = ImmutableDictionary<string, string>.Empty });
        var outcome = pods.Outcome;
        return outcome.Code == OutcomeCode.LeftAloneRegistersByHand ? pods
            : outcome.IsDenied ? new(Alone(workload, "but its pods will be refused",
                [$"its pods will be refused: {outcome.Sentence}", .. Unheard(workload)]))
            : pods with { Outcome = Alone(workload, "and its pods are injected", [.. Unheard(workload), .. outcome.Advice]) };
    }

    private static IEnumerable<string> Unheard(Workload workload)
    {
        string[] names =
        [
            .. AnnotationSource.Of(workload).Where(source => source.Layer == SettingLayer.Workload)
                .SelectMany(source => source.Settings.Select(setting => source.Name(setting.Key))),
        ];
        return names.Length == 0 ? [] :
        [
            $"{string.Join(", ", names)} of the DaemonSet {(names.Length > 1 ? "do" : "does")} not reach its pods "
                + "(daemonSets is pods): move it to spec.template.metadata.annotations",
        ];
    }

    private static InjectionOutcome Alone(Workload workload, string pods, ImmutableArray<string> advice) =>
        Injector.Alone(OutcomeCode.LeftAloneForItsPods, workload, $"is stored as applied, {pods} (daemonSets is pods)") with
        {
            Advice = advice,
        };
}
