using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary>What <c>config show</c> prints.</summary>
/// <param name="Configuration">The configuration.</param>
internal sealed record EffectiveSettings(RunnerConfiguration Configuration)
{
    /// <summary>The configuration's file; null for the built-in configuration.</summary>
    public string? File { get; init; }

    /// <summary>The namespace that was asked for; null for none.</summary>
    public string? Namespace { get; init; }

    /// <summary>The settings, by profile; none if no workload of the namespace gets any.</summary>
    public ImmutableArray<ResolvedSettings> Profiles { get; private init; } = [];

    /// <summary>The rules of the policy, or the one that applies to the namespace; null if there is none, or a profile alone
    /// is shown.</summary>
    public ImmutableArray<PolicyRule>? Rules { get; private init; }

    /// <summary>Why workloads of the namespace would be refused, or warned about.</summary>
    public ImmutableArray<string> Problems { get; private init; } = [];

    /// <summary>Whether they would be refused.</summary>
    public bool IsDenied { get; private init; }

    /// <summary>The settings of one profile alone, or of all of them if it is null, with the policy.</summary>
    public EffectiveSettings Of(string? profile) => this with
    {
        Profiles =
        [
            .. Configuration.Profiles.Values.Where(known => profile is null || known.Name == profile)
                .OrderBy(known => known.Name, StringComparer.Ordinal).Select(known => new ResolvedSettings
                {
                    Profile = known,
                    Rule = null,
                    Overrides = ImmutableDictionary<string, SettingOrigin>.Empty,
                    Unannotated = known.Register,
                }),
        ],
        Rules = profile is null ? Configuration.Policy : null,
    };

    /// <summary>The settings of a namespace.</summary>
    public EffectiveSettings Of(Settlement settlement) => this with
    {
        Profiles = settlement.Settings is { } settings ? [settings] : [],
        Rules = settlement.Rule is { } rule ? [rule] : null,
        Problems = settlement.Problems,
        IsDenied = settlement is not Resolved,
    };
}
