using System.Collections.Immutable;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Explaining;

/// <summary>
/// Explains outcomes. It decides nothing by itself: the gate that was not passed follows from the engine's own outcome,
/// so that an explanation can't differ from what is done.
/// </summary>
public static class Explainer
{
    private const string RuleGate = "rule for the namespace";

    private static readonly ImmutableArray<(string Name, ImmutableArray<OutcomeCode> Failures)> Gates =
    [
        ("kind", [OutcomeCode.LeftAloneUnsupportedKind, OutcomeCode.LeftAloneUnsupportedOperation]),
        ("shape", [OutcomeCode.DeniedMalformed]),
        ("not being deleted", [OutcomeCode.LeftAloneBeingDeleted]),
        ("not a mirror pod", [OutcomeCode.LeftAloneMirrorPod]),
        ("label", [OutcomeCode.LeftAloneNotLabelled]),
        ("runner container",
            [OutcomeCode.DeniedNoContainers, OutcomeCode.DeniedAmbiguousContainer, OutcomeCode.DeniedUnknownContainer]),
        ("no registration by hand", [OutcomeCode.LeftAloneRegistersByHand]),
        (RuleGate, [OutcomeCode.DeniedNoRule, OutcomeCode.DeniedNamespaceUnknown]),
        ("annotations", [OutcomeCode.DeniedSettingInvalid]),
        ("policy", [OutcomeCode.DeniedByPolicy]),
        ("required settings", [OutcomeCode.DeniedSettingMissing]),
        ("no conflict",
            [OutcomeCode.DeniedContainerConflict, OutcomeCode.DeniedVolumeConflict, OutcomeCode.DeniedMountConflict]),
    ];

    /// <summary>Explains what the engine makes of a workload that is being created, or read from a file.</summary>
    public static Explanation Explain(Workload workload, Injector injector)
    {
        var outcome = injector.Inject(workload);
        // A complete workload has passed the gates once; what is asked for is whether it would today.
        var today = outcome.Code == OutcomeCode.AlreadyInjected ? injector.RenderAnew(workload) : outcome;
        var rule = injector.Configuration.RuleFor(workload.Namespace, workload.NamespaceMetadata);
        var settings = rule is null && injector.Configuration.Policy is not null
            ? null
            : SettingsResolver.Resolve(injector.Configuration, workload, rule, out _);
        var gates = Judge(today, gate => Detail(gate, workload, settings));
        var isResolved = gates.Any(gate => gate is { Name: RuleGate, Passed: true });
        return new(gates, isResolved ? settings : null, Compare(outcome, today), today);
    }

    /// <summary>Explains what a workload gets in a namespace that sets nothing itself.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="space">The namespace's name.</param>
    /// <param name="metadata">What is known of the namespace; null where nothing is.</param>
    /// <param name="profile">The profile that the workload names by annotation; null for none.</param>
    public static NamespaceExplanation ExplainNamespace(
        RunnerConfiguration configuration, string space, NamespaceMetadata? metadata, string? profile)
    {
        var rule = configuration.RuleFor(space, metadata);
        if (rule is null && configuration.Policy is not null)
        {
            return new(null, null, [OutcomeSentence.NoRule(space)]);
        }

        ImmutableArray<AnnotationSource> sources =
        [
            new(SettingLayer.Namespace, metadata?.Annotations ?? ImmutableDictionary<string, string>.Empty),
            new(SettingLayer.Workload, profile is null ? ImmutableDictionary<string, string>.Empty
                : ImmutableDictionary<string, string>.Empty.Add(WellKnown.ProfileAnnotation, profile)),
        ];
        var settings = SettingsResolver.Resolve(configuration, sources, rule, out var problems);
        var violations = settings is null || rule is null ? []
            : PolicyJudge.Violations(rule, settings.Profile, sources, runnerImage: null);
        return new(rule, settings, [.. problems,
            .. violations.Select(violation => rule!.WarnOnly ? OutcomeSentence.OnlyWarned(violation) : violation)]);
    }

    /// <summary>Explains an outcome that was reached before there was a workload to look at.</summary>
    public static Explanation Explain(InjectionOutcome outcome) => new(Judge(outcome, _ => ""), null, outcome, outcome);

    private static InjectionOutcome Compare(InjectionOutcome outcome, InjectionOutcome today) =>
        outcome.Revision == today.Revision || today.Revision.Length == 0 ? outcome : outcome with
        {
            Advice = outcome.Advice.Add($"today's settings have revision {today.Revision}: a rollout restart brings them"),
        };

    private static ImmutableArray<Gate> Judge(InjectionOutcome outcome, Func<string, string> detail)
    {
        var gates = ImmutableArray.CreateBuilder<Gate>();
        bool? passed = true;
        foreach (var (name, failures) in Gates)
        {
            if (passed is null)
            {
                gates.Add(new(name, null, "not reached"));
            }
            else if (failures.Contains(outcome.Code))
            {
                gates.Add(new(name, false, outcome.Sentence));
                passed = null;
            }
            else
            {
                gates.Add(new(name, true, detail(name)));
            }
        }

        return gates.ToImmutable();
    }

    private static string Detail(string gate, Workload workload, ResolvedSettings? settings) => gate switch
    {
        "kind" => workload.Kind.AdmittedOn.IsEmpty
            ? $"{workload.Kind.Kind}: by the command line; in the cluster its pods, by the label on the pod template"
            : $"{workload.Kind.Kind}: by the webhook on {string.Join(" and ", workload.Kind.AdmittedOn)}",
        "label" => workload.IsLabelled
            ? $"{WellKnown.InjectLabel}: {WellKnown.InjectValue}"
            : $"{WellKnown.InjectLabel}: {WellKnown.InjectValue}, on the pod template only: in the cluster each pod is injected",
        "runner container" => RunnerContainer.Find(workload, null, out _)?.Name ?? "",
        RuleGate => settings?.Rule?.Place ?? "no policy: everything is allowed",
        "annotations" => Counted(AnnotationSource.Of(workload).Sum(source => source.Settings.Count())),
        "policy" => settings?.Rule is { WarnOnly: true } ? "only warns" : "",
        _ => "",
    };

    private static string Counted(int settings) => settings switch
    {
        0 => "none",
        1 => "1 setting",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{settings} settings"),
    };
}
