using System.Collections.Immutable;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Explaining;

/// <summary>
/// Explains outcomes. It decides nothing: the gate that was not passed follows from the engine's own decision, so that an
/// explanation can't differ from what is done.
/// </summary>
public static class Explainer
{
    private const string RuleGate = "rule for the namespace";
    private const string AnnotationGate = "annotations";
    private const string PolicyGate = "policy";

    // Invalid annotations and settings that collide in the pod have the same code: the settlement tells them apart.
    private static readonly ImmutableArray<(string Name, ImmutableArray<OutcomeCode> Failures)> Gates =
    [
        ("kind",
        [
            OutcomeCode.LeftAloneUnsupportedKind, OutcomeCode.LeftAloneUnsupportedOperation, OutcomeCode.LeftAloneForItsPods,
        ]),
        ("shape", [OutcomeCode.DeniedMalformed]),
        ("not being deleted", [OutcomeCode.LeftAloneBeingDeleted]),
        ("not a mirror pod", [OutcomeCode.LeftAloneMirrorPod]),
        ("label", [OutcomeCode.LeftAloneNotLabelled]),
        ("runs on Linux", [OutcomeCode.DeniedWindows]),
        ("runner container",
            [OutcomeCode.DeniedNoContainers, OutcomeCode.DeniedAmbiguousContainer, OutcomeCode.DeniedUnknownContainer]),
        ("no registration by hand", [OutcomeCode.LeftAloneRegistersByHand]),
        (RuleGate, [OutcomeCode.DeniedNamespaceUnknown]),
        (AnnotationGate, []),
        (PolicyGate, []),
        ("required settings", [OutcomeCode.DeniedSettingMissing]),
        ("configuration file", [OutcomeCode.DeniedConfigElsewhere]),
        ("no conflict",
        [
            OutcomeCode.DeniedContainerConflict, OutcomeCode.DeniedVolumeConflict, OutcomeCode.DeniedMountConflict,
            OutcomeCode.DeniedFieldConflict, OutcomeCode.DeniedSettingInvalid,
        ]),
    ];

    /// <summary>Explains what the engine makes of a workload that is being created, or read from a file.</summary>
    public static Explanation Explain(Workload workload, Injector injector)
    {
        var decision = injector.Decide(workload);
        // A complete workload has passed the gates once; what is asked for is whether it would today.
        var today = decision.Outcome.Code == OutcomeCode.AlreadyInjected ? injector.RenderAnew(workload) : decision;
        var explanation = new Explanation(Judge(today, gate => Detail(gate, workload, today.Settlement)),
            today.Settlement?.Settings, decision.Outcome, today.Outcome);
        return explanation.IsOutdated ? explanation with { Outcome = Advised(decision.Outcome, today.Outcome) } : explanation;
    }

    /// <summary>Explains an outcome that was reached before there was a workload to look at.</summary>
    public static Explanation Explain(InjectionOutcome outcome) => new(Judge(new(outcome), _ => ""), null, outcome, outcome);

    private static InjectionOutcome Advised(InjectionOutcome outcome, InjectionOutcome today) => outcome with
    {
        Advice = outcome.Advice.Add(outcome.Revision == today.Revision
            ? Injector.AnnotationsChanged
            : $"today's settings have revision {today.Revision}: a rollout restart brings them"),
    };

    private static ImmutableArray<Gate> Judge(Decision decision, Func<string, string> detail)
    {
        var failed = decision.Settlement switch
        {
            NoRule => RuleGate,
            Invalid => AnnotationGate,
            Refused => PolicyGate,
            _ => Gates.FirstOrDefault(gate => gate.Failures.Contains(decision.Outcome.Code)).Name,
        };
        var gates = ImmutableArray.CreateBuilder<Gate>();
        bool? passed = true;
        foreach (var (name, _) in Gates)
        {
            if (passed is null)
            {
                gates.Add(new(name, null, "not reached"));
            }
            else if (name == failed)
            {
                gates.Add(new(name, false, decision.Outcome.Sentence));
                passed = null;
            }
            else
            {
                gates.Add(new(name, true, detail(name)));
            }
        }

        return gates.ToImmutable();
    }

    private static string Detail(string gate, Workload workload, Settlement? settlement) => gate switch
    {
        "kind" => workload.Kind.AdmittedOn.IsEmpty
            ? $"{workload.Kind.Kind}: by the command line; in the cluster its pods, by the label on the pod template"
            : $"{workload.Kind.Kind}: by the webhook on {string.Join(" and ", workload.Kind.AdmittedOn)}",
        "label" => workload.IsLabelled
            ? $"{WellKnown.InjectLabel}: {WellKnown.InjectValue}"
            : $"{WellKnown.InjectLabel}: {WellKnown.InjectValue}, on the pod template only: in the cluster each pod is injected",
        "runner container" => RunnerContainer.Find(workload, RecordedPieces.Of(workload.Template), out _)?.Name ?? "",
        RuleGate => settlement?.Rule?.Place ?? "no policy: everything is allowed",
        AnnotationGate => Counted(AnnotationSource.Of(workload).Sum(source => source.Settings.Count())),
        PolicyGate => settlement?.Rule is { WarnOnly: true } ? "only warns" : "",
        _ => "",
    };

    private static string Counted(int settings) => settings switch
    {
        0 => "none",
        1 => "1 setting",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{settings} settings"),
    };
}
