using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Workloads;
using static RunnerWebhook.Core.Settings.SchemaNode;
using static RunnerWebhook.Core.Settings.SettingKinds;

namespace RunnerWebhook.Core.Settings;

/// <summary>The keys of the configuration file: one row each, those of profiles in <see cref="ProfileKeys"/>.</summary>
internal static class ConfigurationKeys
{
    /// <summary>The key of the server's own log, which has no part in a revision.</summary>
    public const string LogLevel = "log.level";

    private static readonly SettingKind<ImmutableDictionary<string, RunnerProfile>> Profiles = new("a mapping of profiles",
        () => Typed("object").With("additionalProperties", ProfileKeys.All.Schema().OrNull())
            .With("propertyNames", new JsonObject { ["pattern"] = LabelPattern }), ReadProfiles, _ => null)
    {
        Inner = path => ProfileKeys.All.Reference(path + ".NAME."),
    };

    private static readonly SettingKind<ImmutableArray<LabelRequirement>> Labels = new("a mapping of texts",
        () => Typed("object").With("additionalProperties", Typed("string").OrNull()),
        (node, _) => [.. (node.IsMappingOf() ? node.Members : []).Select(label => new LabelRequirement(
            label.Name, LabelOperator.In, [label.Value is null ? "" : label.Text() ?? ""]))], _ => null);

    private static readonly SettingTable<LabelRequirement> Expression = new SettingTable<LabelRequirement>(
            "", "One requirement", new("", LabelOperator.Exists, []))
        .Key("key", "The label", Text("a label's key", ".", text => text.Length > 0), expression => expression.Key,
            (expression, key) => expression with { Key = key }, required: true)
        .Key("operator", "The requirement", Word<LabelOperator>(asTheyAre: true), expression => expression.Operator,
            (expression, comparison) => expression with { Operator = comparison }, required: true)
        .Key("values", "The values, for In and NotIn", Texts(),
            expression => expression.Values.IsEmpty ? default : expression.Values,
            (expression, values) => expression with { Values = values })
        .Checked(ConfigurationRules.Check);

    private static readonly SettingTable<PolicyAllowance> Allow = new SettingTable<PolicyAllowance>(
            "allow", "What is allowed; no list restricts nothing, an empty one allows nothing. * matches any text", new())
        .List("allow.annotations", "Annotations of users, without gitlab-runner/", allow => allow.Annotations,
            (allow, globs) => allow with { Annotations = globs })
        .List("allow.namespaceAnnotations", "Annotations of the namespace itself; left out, those of annotations",
            allow => allow.NamespaceAnnotations, (allow, globs) => allow with { NamespaceAnnotations = globs })
        .List("allow.engines", "Engines, as in hostSocket", allow => allow.Engines,
            (allow, globs) => allow with { Engines = globs })
        .List("allow.dockerImages", "Default images of jobs", allow => allow.DockerImages,
            (allow, globs) => allow with { DockerImages = globs })
        .List("allow.runnerImages", "Images of the runner and the init container", allow => allow.RunnerImages,
            (allow, globs) => allow with { RunnerImages = globs })
        .List("allow.urls", "GitLab instances", allow => allow.Urls, (allow, globs) => allow with { Urls = globs })
        .List("allow.hostPaths", "Paths of the node that jobs may mount by docker-volumes", allow => allow.HostPaths,
            (allow, globs) => allow with { HostPaths = globs })
        .List("allow.runtimeClasses", "Runtime classes, of the profile or of the pod itself", allow => allow.RuntimeClasses,
            (allow, globs) => allow with { RuntimeClasses = globs })
        .Key("allow.privileged", "Whether jobs may run privileged", Flag, allow => allow.Privileged,
            (allow, privileged) => allow with { Privileged = privileged });

    /// <summary>Those of a rule of the policy.</summary>
    public static SettingTable<PolicyRule> Rule { get; } = new SettingTable<PolicyRule>(
            "", "What some namespaces may do", new() { Index = 0, Line = 0, Namespaces = ["*"] })
        .Choose(1, 2, "namespaces", "namespaceSelector")
        .Key("namespaces", "Names of namespaces; * matches any text. Without it, those that the selector matches",
            Texts(orNone: false), rule => rule.Namespaces, (rule, namespaces) => rule with { Namespaces = namespaces })
        .Section("namespaceSelector",
            "Labels that the namespaces must have, as in a Kubernetes selector; needs watchNamespaces")
        .Key("namespaceSelector.matchLabels", "Labels with their values", Labels, _ => default,
            (rule, labels) => rule.With(labels))
        .Key("namespaceSelector.matchExpressions", "Further requirements",
            ListOf(Expression, (_, _) => new("", LabelOperator.Exists, [])),
            rule => rule.NamespaceSelector?.Requirements ?? default, (rule, expressions) => rule.With(expressions))
        .Key("profile", "Their profile", AnyText, rule => rule.Profile ?? WellKnown.DefaultProfile,
            (rule, profile) => rule with { Profile = profile })
        .Key("register", "Register options that override the profile's and are overridden by annotations", Options,
            rule => rule.Register, (rule, options) => rule with { Register = options })
        .In(Allow, rule => rule.Allow, (rule, allow) => rule with { Allow = allow })
        .Key("require", "Values that must be among the resolved ones, by register option", Options,
            rule => rule.Require, (rule, options) => rule with { Require = options })
        .Key("mode", "deny rejects violations; warn reports them and accepts the object", Word(("deny", false), ("warn", true)),
            rule => rule.WarnOnly, (rule, warnOnly) => rule with { WarnOnly = warnOnly })
        .Checked(ConfigurationRules.Check);

    /// <summary>Those of the whole file.</summary>
    public static SettingTable<RunnerConfiguration> All { get; } = new SettingTable<RunnerConfiguration>(
            "", "What the platform team sets for every runner", RunnerConfiguration.BuiltIn)
        .Constant("apiVersion", RunnerConfiguration.ApiVersion)
        .Constant("kind", RunnerConfiguration.Kind)
        .Key("profiles", "Ways to register and run a runner, by name; default is used if nothing names another", Profiles,
            configuration => configuration.Profiles, (configuration, profiles) => configuration with { Profiles = profiles })
        .Key("policy", "The first rule that matches a namespace applies; a namespace without one is refused. "
            + "Without a policy everything is allowed", ListOf(Rule, (node, index) => new()
            {
                Index = index,
                Line = node.Line,
                Namespaces = node.Member("namespaces").Value is null ? ["*"] : [],
            }), configuration => configuration.Policy ?? default, (configuration, rules) => configuration with { Policy = rules })
        .Key("watchNamespaces", "Whether the labels and annotations of namespaces are known: it needs the right to list and "
            + "watch them", Flag, configuration => configuration.WatchNamespaces,
            (configuration, watch) => configuration with { WatchNamespaces = watch })
        .Key("daemonSets", "What is injected of a DaemonSet: its pod template, or only its pods, if the template has the label: "
            + "then the DaemonSet is stored as applied", Word<DaemonSetInjection>(), configuration => configuration.DaemonSets,
            (configuration, injection) => configuration with { DaemonSets = injection })
        .Key("reportSuccess", "warning: kubectl prints what was injected or removed; audit: only the log and the audit "
            + "annotations have it, and kubectl --warnings-as-errors succeeds", Word<SuccessReport>(),
            configuration => configuration.ReportSuccess,
            (configuration, report) => configuration with { ReportSuccess = report })
        .Section("log", "The server's own log")
        .Key(LogLevel, "The least important lines that are logged; Debug and Trace bring the web server's too. Running "
            + "replicas follow a change", Word<LogThreshold>(asTheyAre: true), configuration => configuration.LogLevel,
            (configuration, level) => configuration with { LogLevel = level })
        .Checked(ConfigurationRules.Check);

    /// <summary>The JSON Schema (draft 2020-12) of the file, for editors and other tools. The reader stays the authority: it
    /// also knows what belongs together.</summary>
    public static JsonObject Schema()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "urn:runner-webhook:v1:configuration",
            ["title"] = "RunnerWebhook configuration",
        };
        foreach (var (keyword, value) in All.Schema())
        {
            schema[keyword] = value?.DeepClone();
        }

        return schema.With("$defs", Definitions());
    }

    private static ImmutableDictionary<string, RunnerProfile> ReadProfiles(
        ConfigurationNode node, ImmutableDictionary<string, RunnerProfile> profiles)
    {
        foreach (var member in node.IsMappingOf() ? node.Members.TakeWhile(_ => !node.IsHopeless) : [])
        {
            if (!KubernetesName.IsLabel(member.Name))
            {
                member.KeyError($"is not a valid profile name; allowed are {KubernetesName.LabelRule}");
            }

            var lines = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
            var profile = ProfileKeys.All.Read(
                member, new() { Name = member.Name }, (path, field) => lines[path] = field.Line);
            profiles = profiles.SetItem(member.Name, profile with { StatedAt = lines.ToImmutable() });
        }

        return profiles;
    }

    private static SettingTable<PolicyAllowance> List(this SettingTable<PolicyAllowance> table, string path, string meaning,
        Func<PolicyAllowance, ImmutableArray<string>?> get,
        Func<PolicyAllowance, ImmutableArray<string>, PolicyAllowance> set) =>
        table.Key(path, meaning, Texts(), allow => get(allow) ?? default, set);

    private static SettingTable<RunnerConfiguration> Constant(
        this SettingTable<RunnerConfiguration> table, string path, string text) => table.Key(path, "", new SettingKind<string>(
            text, () => new() { ["const"] = text }, (node, unset) => node.Text() is { } other && other != text
                ? node.Fail($"is '{other}', but must be {text}", unset) : unset, _ => null),
            _ => "", (configuration, _) => configuration, required: true);

    private static PolicyRule With(this PolicyRule rule, ImmutableArray<LabelRequirement> requirements) => rule with
    {
        NamespaceSelector = new([.. rule.NamespaceSelector?.Requirements ?? [], .. requirements]),
    };
}
