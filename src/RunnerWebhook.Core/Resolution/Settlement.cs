using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Resolution;

/// <summary>
/// What the configuration gives one workload, decided once: the rule of its namespace, the settings after all layers, and
/// the judgement of the policy. It is one of <see cref="Resolved"/>, <see cref="NoRule"/>, <see cref="Invalid"/> and
/// <see cref="Refused"/>.
/// </summary>
/// <param name="Rule">The rule of the namespace; null if there is no policy, or no rule matches.</param>
public abstract record Settlement(PolicyRule? Rule)
{
    /// <summary>The settings; null if there are none.</summary>
    public virtual ResolvedSettings? Settings => null;

    /// <summary>The settings by which the pod can be planned, to find every other reason to refuse it; null if too little is
    /// known.</summary>
    internal virtual ResolvedSettings? Basis => Settings;

    /// <summary>Why the workload is refused, or will be once the rule's mode is deny: every reason, each with what to
    /// do.</summary>
    public abstract ImmutableArray<string> Problems { get; }

    /// <summary>Settles a workload.</summary>
    /// <param name="configuration">The platform team's configuration.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="runnerImage">The image of its runner container.</param>
    public static Settlement Of(RunnerConfiguration configuration, Workload workload, string runnerImage) => Of(configuration,
        workload.Namespace, workload.NamespaceMetadata, AnnotationSource.Of(workload), OwnFields.Of(workload, runnerImage));

    /// <summary>Settles a workload of a namespace that sets nothing itself but its profile.</summary>
    /// <param name="configuration">The platform team's configuration.</param>
    /// <param name="name">The namespace's name.</param>
    /// <param name="metadata">What is known of the namespace; null if nothing is known.</param>
    /// <param name="profile">The profile that the workload names by annotation; null for none.</param>
    public static Settlement Of(RunnerConfiguration configuration, string name, NamespaceMetadata? metadata, string? profile) =>
        Of(configuration, name, metadata,
        [
            new(SettingLayer.Namespace, metadata?.Annotations ?? ImmutableDictionary<string, string>.Empty),
            new(SettingLayer.Workload, profile is null ? ImmutableDictionary<string, string>.Empty
                : ImmutableDictionary<string, string>.Empty.Add(WellKnown.ProfileAnnotation, profile)),
        ], OwnFields.None);

    private static Settlement Of(RunnerConfiguration configuration, string name, NamespaceMetadata? metadata,
        ImmutableArray<AnnotationSource> sources, OwnFields own)
    {
        var rule = configuration.RuleFor(name, metadata);
        var settings = SettingsResolver.Resolve(configuration, sources, rule, out var mistakes);
        if (rule is null && configuration.Policy is not null)
        {
            return new NoRule(name) { Mistakes = mistakes };
        }

        var violations = rule is null || settings.LacksProfile ? []
            : PolicyJudge.Violations(rule, settings.Profile, sources, own, settings.Mistaken);
        if (!mistakes.IsEmpty)
        {
            return new Invalid(rule, mistakes)
            {
                Rest = settings.LacksProfile ? null : settings,
                Violations = rule is { WarnOnly: true } ? [] : violations,
            };
        }

        return violations.IsEmpty || rule!.WarnOnly
            ? new Resolved(settings, [.. violations.Select(violation =>
                violation + Resolved.Later)])
            : new Refused(settings, violations);
    }
}

/// <summary>The workload gets settings.</summary>
/// <param name="Values">The settings.</param>
/// <param name="Warnings">What the rule, which only warns, does not allow.</param>
public sealed record Resolved(ResolvedSettings Values, ImmutableArray<string> Warnings) : Settlement(Values.Rule)
{
    /// <summary>How each warning ends.</summary>
    internal const string Later = "; this will be refused once the rule's mode is deny";

    /// <inheritdoc/>
    public override ResolvedSettings Settings => Values;

    /// <inheritdoc/>
    public override ImmutableArray<string> Problems => Warnings;
}

/// <summary>The policy has no rule for the namespace.</summary>
/// <param name="Namespace">The namespace's name.</param>
public sealed record NoRule(string Namespace) : Settlement(Rule: null)
{
    /// <summary>Every annotation that can't be used under any rule.</summary>
    public ImmutableArray<string> Mistakes { get; init; } = [];

    /// <inheritdoc/>
    public override ImmutableArray<string> Problems =>
        [$"no rule of the policy matches namespace '{Namespace}': ask the platform team to add one", .. Mistakes];
}

/// <summary>Annotations name no setting, or have a value that the setting does not take.</summary>
/// <param name="Rule">The rule of the namespace; null if there is no policy.</param>
/// <param name="Mistakes">Every one of them.</param>
public sealed record Invalid(PolicyRule? Rule, ImmutableArray<string> Mistakes) : Settlement(Rule)
{
    /// <summary>The settings without those annotations; null if one of them names the profile.</summary>
    public ResolvedSettings? Rest { get; init; }

    /// <summary>What the namespace's rule does not allow of the other settings.</summary>
    public ImmutableArray<string> Violations { get; init; } = [];

    /// <inheritdoc/>
    internal override ResolvedSettings? Basis => Rest;

    /// <inheritdoc/>
    public override ImmutableArray<string> Problems => [.. Mistakes, .. Violations];
}

/// <summary>The namespace's rule does not allow the settings.</summary>
/// <param name="Values">The settings.</param>
/// <param name="Violations">What the rule does not allow, or requires and does not find.</param>
public sealed record Refused(ResolvedSettings Values, ImmutableArray<string> Violations) : Settlement(Values.Rule)
{
    /// <inheritdoc/>
    public override ResolvedSettings Settings => Values;

    /// <inheritdoc/>
    public override ImmutableArray<string> Problems => Violations;
}
