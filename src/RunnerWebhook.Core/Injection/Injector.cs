using System.Collections.Immutable;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.PodSecurity;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// The engine: from a workload and the configuration to a patch and a sentence. Webhook, command line and tests all
/// come through here. It is pure: the same input gives the same output.
/// </summary>
public sealed class Injector
{
    /// <summary>Why an object without the label is left alone, to be read after "it".</summary>
    public const string NotLabelled = $"has no label {WellKnown.InjectLabel}: {WellKnown.InjectValue}";

    /// <summary>What annotations do that were edited after the injection.</summary>
    internal const string AnnotationsChanged =
        "its annotations have changed since it was injected: a rollout restart brings them";

    private readonly RunnerConfiguration _configuration;
    private readonly string _version;
    private readonly string _defaultRevision;

    /// <param name="configuration">The platform team's configuration.</param>
    /// <param name="version">This program's version, for the record.</param>
    public Injector(RunnerConfiguration configuration, string version)
    {
        _configuration = configuration;
        _version = version;
        _defaultRevision = ConfigurationWriter.Revision(configuration.Default);
        Revision = ConfigurationWriter.Revision(configuration);
    }

    /// <summary>The configuration that it injects by.</summary>
    public RunnerConfiguration Configuration => _configuration;

    /// <summary>The release of the cluster; null, the default, if it is unknown.</summary>
    public KubernetesVersion? Kubernetes { get; init; }

    /// <summary>The digest of the whole configuration: 12 hexadecimal digits. A workload has that of its own settings.</summary>
    public string Revision { get; }

    /// <summary>Injects a labelled object that is being created, or read from a file.</summary>
    public InjectionOutcome Inject(Workload workload) => Decide(workload).Outcome;

    /// <summary>Injects, and says what the outcome rests on.</summary>
    internal Decision Decide(Workload workload)
    {
        if (LeftAlone(workload, old: null) is { } decided)
        {
            return decided;
        }

        var recorded = RecordedPieces.Of(workload.Template);
        return IsComplete(workload, recorded) && !IsMoved(workload, recorded)
            ? new(Already(workload, recorded)) : Render(workload, recorded);
    }

    /// <summary>Gives a labelled object that is being updated the pieces that it should have.</summary>
    /// <param name="workload">The object as it comes in.</param>
    /// <param name="old">The object as it is stored.</param>
    public InjectionOutcome Update(Workload workload, Workload old)
    {
        // 1. Being deleted: no container will start any more.
        if (LeftAlone(workload, old) is { } decided)
        {
            return decided.Outcome;
        }

        var recorded = RecordedPieces.Of(workload.Template, old.Template);
        var before = RecordedPieces.Of(old.Template);
        var isComplete = IsComplete(workload, recorded);
        var sameUserPart = UserPart.IsSame(workload.Template, recorded, old.Template, before);

        // 2. Complete, and the user changed nothing: a metadata edit never rolls runners.
        // 3. Complete, but with a different recorded set than stored, e.g. by `rollout undo`: keep the caller's.
        var callersChoice = before.Status is not null && recorded.Changed.IsEmpty
            && recorded.Status?.ToJson() != before.Status.ToJson();
        if (isComplete && (sameUserPart || callersChoice))
        {
            return workload.OwnSettings.SequenceEqual(old.OwnSettings)
                ? Already(workload, recorded) : Announced(workload, recorded);
        }

        // 4. Pieces were dropped, as PUT clients do, but the user changed nothing: the stored ones come back, so that
        //    nothing rolls even where the configuration has moved on.
        if (!isComplete && sameUserPart && old.IsLabelled && IsComplete(old, before))
        {
            return Restore(workload, recorded, old, before.Status!);
        }

        // 5. The user's part changed, or pieces are missing: render with today's settings.
        return Render(workload, recorded, isUserChange: recorded.AllPresent && !sameUserPart).Outcome;
    }

    // Annotations of the workload itself roll nothing, but a mistake in them is reported now, and not at the next rollout.
    private InjectionOutcome Announced(Workload workload, RecordedPieces recorded)
    {
        var today = Render(workload, recorded).Outcome;
        return today.IsDenied ? today : Already(workload, recorded) with
        {
            Advice = today.Patch.IsEmpty ? [] : [AnnotationsChanged],
        };
    }

    /// <summary>Removes the recorded pieces of an object whose label is gone, or that is to be given back.</summary>
    /// <param name="workload">The object as it comes in.</param>
    /// <param name="old">The object as it is stored; null if there is none.</param>
    public static InjectionOutcome Remove(Workload workload, Workload? old = null) => workload.BeingDeleted
        ? Alone(OutcomeCode.LeftAloneBeingDeleted, workload, "is being deleted")
        : Remove(workload, RecordedPieces.Of(workload.Template, old?.Template));

    private static InjectionOutcome Remove(Workload workload, RecordedPieces recorded, params string[] reasons)
    {
        if (recorded.Status is null)
        {
            var alone = Alone(OutcomeCode.LeftAloneNotLabelled, workload, "has no record of an injection");
            return alone with { Advice = InjectionStatus.Unread(workload.Template) };
        }

        var kept = recorded.Changed.Keys.Select(address =>
            $"{address.Shown} has been changed since it was injected: it is kept").ToArray();
        var needed = RemovalNeeds.Of(workload.Template, recorded);
        var removed = recorded.Without(needed);
        return new(OutcomeCode.Removed, $"{workload.DisplayName}: removed {OutcomeSentence.Pieces(removed.Intact)}")
        {
            Patch = PiecePatch.Removal(workload.Template, removed),
            Advice = [.. reasons, .. kept,
                .. needed.Select(address => $"{address.Shown} is kept, as what stays in the pod needs it")],
            Revision = recorded.Status.Revision,
            Profile = recorded.Status.Profile,
        };
    }

    /// <summary>What today's settings make of a workload, as if it had never been injected.</summary>
    internal Decision RenderAnew(Workload workload) => Render(workload, RecordedPieces.Of(workload.Template));

    private Decision? LeftAlone(Workload workload, Workload? old) => Exempt(workload) is { } reason ? new(reason)
        : AsApplied.Decide(this, workload, old);

    private static InjectionOutcome? Exempt(Workload workload) => workload switch
    {
        { BeingDeleted: true } => Alone(OutcomeCode.LeftAloneBeingDeleted, workload, "is being deleted"),
        { IsMirrorPod: true } => Alone(OutcomeCode.LeftAloneMirrorPod, workload,
            "mirrors a static pod, which only a file on its node can change: inject that file by the command line"),
        { IsLabelledAnywhere: false } => Alone(OutcomeCode.LeftAloneNotLabelled, workload, NotLabelled),
        _ => null,
    };

    internal static InjectionOutcome Alone(OutcomeCode code, Workload workload, string why) =>
        new(code, $"{workload.DisplayName}: left alone: it {why}");

    internal static InjectionOutcome Already(Workload workload, RecordedPieces recorded) => new(
        OutcomeCode.AlreadyInjected, $"{workload.DisplayName}: already injected{OutcomeSentence.Stamp(recorded.Status!)}")
    {
        Revision = recorded.Status!.Revision,
        Annotated = recorded.Status.Annotated.Set,
        Profile = recorded.Status.Profile,
    };

    /// <summary>Every recorded piece is there, and the pod really registers: a mark alone proves nothing.</summary>
    internal static bool IsComplete(Workload workload, RecordedPieces recorded) =>
        recorded is { AllPresent: true, IsWritten: true } && Chosen(workload, recorded) is { } runner
        && recorded.Registers(workload.Template, runner);

    // Another container is the runner's now, by its name or by annotation.
    private static bool IsMoved(Workload workload, RecordedPieces recorded) =>
        RunnerContainer.Find(workload, recorded, out _) is { } runner && runner.Name != Chosen(workload, recorded)?.Name;

    private static Container? Chosen(Workload workload, RecordedPieces recorded) =>
        workload.Template.Containers.FirstOrDefault(container => container.Name == recorded.Status!.Container)
        ?? RunnerContainer.Find(workload, recorded, out _);

    private static InjectionOutcome Restore(Workload workload, RecordedPieces recorded, Workload old, InjectionStatus status)
    {
        var pieces = status.Pieces.Keys.Select(address => (Address: address, Found: address.Find(old.Template.Json)!.Value))
            .Select(piece => new Piece(piece.Address, JsonText.ToNode(piece.Found.Value)!, piece.Found.Index))
            .OrderBy(piece => piece.Position ?? 0).ToImmutableArray();
        var dropped = pieces.Select(piece => piece.Address).Where(address => !recorded.Holds(address));
        return new(OutcomeCode.Completed,
            $"{workload.DisplayName}: put back {OutcomeSentence.Pieces(dropped)}, which this update had dropped")
        {
            Patch = PiecePatch.Bring(workload.Template, recorded, pieces, status,
                old.Template.Annotations.GetValueOrDefault(WellKnown.StatusAnnotation)),
            Revision = status.Revision,
            Annotated = status.Annotated.Set,
            Profile = status.Profile,
        };
    }

    private Decision Render(Workload workload, RecordedPieces recorded, bool isUserChange = false)
    {
        if (WindowsPod.SignOf(workload.Template) is { } sign)
        {
            return new(new(OutcomeCode.DeniedWindows, $"{workload.DisplayName}: {sign}, but the runner is registered "
                + "by a shell script and uses a unix socket: remove the label, and register a runner on Windows by hand"));
        }

        var template = UserPart.Of(workload.Template, recorded);
        var runner = RunnerContainer.Find(workload with { Template = template }, recorded, out var problem);
        if (runner is null)
        {
            return new(Denied(workload, [problem!, .. Problems(Settlement.Of(_configuration, workload, runnerImage: ""))]));
        }

        // A registration of ours that the user has changed is kept, and is none by hand.
        recorded = recorded.For(runner);
        var byHand = template.InitContainers.RemoveAll(init => recorded.Holds(PieceAddress.InitContainer(init.Name)));
        if (HandRegistration.Find(template with { InitContainers = byHand }, runner,
            () => ConfigFile.Find(runner, WellKnown.RunnerDirectory, out _)?.Path) is { } place)
        {
            return new(recorded.Intact.IsEmpty
                ? Alone(OutcomeCode.LeftAloneRegistersByHand, workload, $"registers a runner by hand already, in {place}")
                : Remove(workload, recorded, $"it registers a runner by hand now, in {place}"));
        }

        // Every reason for a refusal is reported, so that users find them all at once.
        var settlement = Settlement.Of(_configuration, workload, runner.Image);
        var plan = settlement.Basis is not { } basis ? null
            : InjectionPlanner.Plan(new(workload, template, runner, basis.Profile, recorded.Changed)
            {
                Kubernetes = Kubernetes,
                Unannotated = basis.Unannotated,
            });
        ImmutableArray<Problem> problems =
            [.. Problems(settlement), .. plan?.Problems.Where(problem => !IsDoubtful(problem, settlement)) ?? []];
        return new(problems.IsEmpty ? Injected(workload, recorded, (Resolved)settlement, plan!, isUserChange)
            : Denied(workload, problems), settlement);
    }

    // A required option may be what an annotation that can't be used was to set.
    private static bool IsDoubtful(Problem problem, Settlement settlement) => problem.Code == OutcomeCode.DeniedSettingMissing
        && settlement.Basis!.Mistaken.Overlaps(RequiredOptions.Missing(settlement.Basis.Profile));

    private InjectionOutcome Injected(
        Workload workload, RecordedPieces recorded, Resolved settlement, PodPlan plan, bool isUserChange)
    {
        var profile = settlement.Values.Profile;
        var revision = ReferenceEquals(profile, _configuration.Default) ? _defaultRevision : settlement.Values.Revision;
        // A piece that stays as it is, is of the revision that it was made by.
        var stamped = recorded.Changed.Keys.All(kept => plan.Pieces.Any(piece => piece.Address.Equals(kept)))
            ? revision
            : recorded.Status!.Revision;
        var patch = PiecePatch.Bring(workload.Template, recorded, plan.Pieces, new InjectionStatus
        {
            Version = _version,
            Revision = stamped,
            Profile = profile.Name,
            Pieces = ImmutableSortedDictionary<PieceAddress, string>.Empty,
            Created = [],
        });
        var isNew = recorded.Status is null || isUserChange;
        var verb = isNew ? "injected" : "completed: now has";
        return new(isNew ? OutcomeCode.Injected : OutcomeCode.Completed, $"{workload.DisplayName}: {verb} "
            + OutcomeSentence.Pieces(plan.Pieces.Select(piece => piece.Address)) + OutcomeSentence.Stamp(profile.Name, stamped))
        {
            Patch = patch,
            Advice = [.. settlement.Warnings, .. plan.Hints.Select(hint => hint.Text), .. PodSecurityAdvice(workload, patch)],
            Guesses = [.. plan.Hints.Where(hint => hint.IsGuess).Select(hint => hint.Text)],
            Revision = stamped,
            Annotated = [.. plan.Pieces.SelectMany(piece => piece.Annotated.Set)],
            Profile = profile.Name,
        };
    }

    // The first reason gives the code.
    private static InjectionOutcome Denied(Workload workload, ImmutableArray<Problem> problems) => new(problems[0].Code,
        $"{workload.DisplayName}: {string.Join("; ", problems.Select(problem => problem.Reason).Distinct())}");

    // One sentence for each violated rule: a warning holds 256 characters.
    private IEnumerable<string> PodSecurityAdvice(Workload workload, ImmutableArray<PatchOperation> patch)
    {
        if (workload.NamespaceMetadata is not { } metadata)
        {
            return [];
        }

        var standard = PodSecurityStandard.Of(metadata.Labels, Kubernetes);
        return standard.Level == PodSecurityLevel.Privileged
            ? []
            : standard.Violations(InjectedTemplate.Of(workload.Template, patch)).Select(violation =>
                $"Pod Security {standard} of namespace {workload.Namespace} rejects the pod: {violation}");
    }

    private static IEnumerable<Problem> Problems(Settlement settlement)
    {
        OutcomeCode? code = settlement switch
        {
            NoRule => OutcomeCode.DeniedNoRule,
            Invalid => OutcomeCode.DeniedSettingInvalid,
            Refused => OutcomeCode.DeniedByPolicy,
            _ => null,
        };
        return code is { } denied ? settlement.Problems.Select(reason => new Problem(denied, reason)) : [];
    }
}
