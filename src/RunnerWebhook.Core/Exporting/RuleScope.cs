using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Exporting;

/// <summary>For which namespaces a rule is, as an expression: those that it matches, and no rule before it.</summary>
internal static class RuleScope
{
    /// <summary>What a scope by label reads. Match conditions have no such thing, but variables do.</summary>
    public const string NeedsNamespace = "namespaceObject.";

    private const string Labels = "namespaceObject.metadata.?labels.orValue({})";

    /// <summary>The scope of the rule at a place; of an index after the last, all namespaces that no rule is for.</summary>
    public static string Of(RunnerConfiguration configuration, int index)
    {
        if (configuration.Policy is not { } rules)
        {
            return "true";
        }

        var before = rules.Take(index).Select(rule => $"!({Matches(rule, configuration.WatchNamespaces)})");
        var own = index < rules.Length ? [Matches(rules[index], configuration.WatchNamespaces)] : Array.Empty<string>();
        return string.Join(" &&\n", own.Concat(before));
    }

    // Where namespaces are not watched, their labels are not known, and the webhook passes such a rule over.
    private static string Matches(PolicyRule rule, bool knowsLabels)
    {
        if (rule.NamespaceSelector is not { } selector)
        {
            return Named(rule.Namespaces);
        }

        return knowsLabels ? string.Join(" && ", selector.Requirements.Select(Requirement).Prepend(Named(rule.Namespaces)))
            : "false";
    }

    private static string Named(ImmutableArray<string> globs)
    {
        if (globs.Contains("*"))
        {
            return "true";
        }

        var names = globs.Where(glob => !glob.Contains('*', StringComparison.Ordinal)).ToArray();
        var patterns = globs.Except(names).ToArray();
        string[] tests =
        [
            .. names.Length > 0 ? [$"request.namespace in {Cel.Texts(names)}"] : Array.Empty<string>(),
            .. patterns.Length > 0 ? [Cel.Matches("request.namespace", patterns)] : Array.Empty<string>(),
        ];
        return tests.Length == 1 ? tests[0] : $"({string.Join(" || ", tests)})";
    }

    private static string Requirement(LabelRequirement requirement)
    {
        var (key, values) = (Cel.Text(requirement.Key), Cel.Texts(requirement.Values));
        return requirement.Operator switch
        {
            LabelOperator.In => $"{Labels}[?{key}].hasValue() && {Labels}[{key}] in {values}",
            LabelOperator.NotIn => $"!({Labels}[?{key}].hasValue() && {Labels}[{key}] in {values})",
            LabelOperator.Exists => $"{key} in {Labels}",
            _ => $"!({key} in {Labels})",
        };
    }
}
