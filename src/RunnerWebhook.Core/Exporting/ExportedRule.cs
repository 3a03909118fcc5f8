using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Exporting;

/// <summary>A rule of the configuration with the settings of its namespaces, or the configuration without a policy.</summary>
internal sealed record ExportedRule
{
    /// <summary>The rule; null if there is no policy.</summary>
    public required PolicyRule? Rule { get; init; }

    /// <summary>The settings of its namespaces, without annotations.</summary>
    public required RunnerProfile Profile { get; init; }

    /// <summary>The digest of these settings.</summary>
    public required string Revision { get; init; }

    /// <summary>The version of this program.</summary>
    public required string Version { get; init; }

    /// <summary>Which namespaces it is for, as an expression.</summary>
    public required string Scope { get; init; }

    /// <summary>Whether the webhook would read the annotations of namespaces.</summary>
    public required bool ReadsNamespaces { get; init; }

    /// <summary>Whether DaemonSets are injected, and not their pods alone.</summary>
    public required bool InjectsDaemonSets { get; init; }

    /// <summary>Whether the engine runs in an ordinary container of the pod, which no policy adds.</summary>
    public bool HasOrdinarySidecar => Profile.Engine
        is { Kind: EngineKind.Dind, Dind.Sidecar: SidecarKind.Container }
        or { Kind: EngineKind.Podman, Podman.Sidecar: SidecarKind.Container };

    /// <summary>The setting that chooses the kind of that container.</summary>
    public string SidecarSetting => $"engine.{EngineName.Of(Profile.Engine.Kind)}.sidecar";

    /// <summary>The setting that gives the pod itself a field, which no policy adds; null for none.</summary>
    public string? SetsPodField => Profile.RuntimeClassName.Length > 0 ? "runtimeClassName"
        : Profile.Engine is { Kind: EngineKind.Dind, Dind.UserNamespace: true } ? "engine.dind.userNamespace" : null;

    /// <summary>What the names of its objects end with: empty, or <c>-rule-0</c>.</summary>
    public string Suffix => Rule is null ? "" : FormattableString.Invariant($"-rule-{Rule.Index}");

    /// <summary>The register options that a policy lets annotations set, and the rule too.</summary>
    public ImmutableArray<RegisterOption> Options => [.. RegisterOptions.All
        .Where(option => AnnotatedOption.IsCovered(option) && (Rule?.WarnOnly == true || IsAllowed(option.Name)))
        .Where(option => !(option.ServerSide && Profile.Token.Mode == TokenMode.Authentication))
        .OrderBy(option => option.Name, StringComparer.Ordinal)];

    /// <summary>Whether the rule lets users set an annotation, named without its prefix.</summary>
    public bool IsAllowed(string annotation) => PolicyJudge.AllowsAnnotation(Rule?.Allow.Annotations, annotation);

    /// <summary>Every rule of a configuration, in its order.</summary>
    public static ImmutableArray<ExportedRule> Of(RunnerConfiguration configuration, string version)
    {
        ImmutableArray<PolicyRule?> rules = configuration.Policy is { } policy ? [.. policy] : [null];
        return [.. rules.Select((rule, index) => Of(configuration, rule, version, RuleScope.Of(configuration, index)))];
    }

    private static ExportedRule Of(RunnerConfiguration configuration, PolicyRule? rule, string version, string scope)
    {
        var settings = SettingsResolver.Resolve(configuration, [], rule, out _);
        return new()
        {
            Rule = rule,
            Profile = settings.Profile,
            Revision = settings.Revision,
            Version = version,
            Scope = scope,
            ReadsNamespaces = configuration.WatchNamespaces,
            InjectsDaemonSets = configuration.DaemonSets == DaemonSetInjection.Template,
        };
    }
}
