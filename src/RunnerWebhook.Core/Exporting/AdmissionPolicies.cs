using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>
/// A configuration as admission policies of Kubernetes: for each rule a MutatingAdmissionPolicy that injects what the webhook
/// would inject, and a ValidatingAdmissionPolicy that rejects what the webhook would reject, each with its binding.
/// </summary>
public static class AdmissionPolicies
{
    // What is stored, and was judged when it was: an edit that leaves template and settings alone.
    private const string Unchanged = "variables.settled && !variables.changed && variables.sameSettings";

    /// <summary>The default name of all objects.</summary>
    public const string UsualName = WellKnown.Program;

    /// <summary>The label by which exported objects are known.</summary>
    public const string Component = "app.kubernetes.io/component";

    /// <summary>Its value.</summary>
    public const string ComponentValue = "admission-policy";

    private const string Group = "admissionregistration.k8s.io/v1";

    // A metadata edit of a workload that was never injected still succeeds.
    private static readonly string AsksAnew =
        "request.operation == 'CREATE' || dyn(object).spec.template != dyn(oldObject).spec.template || "
        + $"!({PodVariables.IsLabelled("oldObject")}) || !({Updated.HasSameSettings})";

    /// <summary>The objects, in the order in which they are to be applied.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="version">This program's version, for the record.</param>
    /// <param name="name">What the objects' names begin with.</param>
    public static ImmutableArray<JsonObject> Of(RunnerConfiguration configuration, string version, string name = UsualName)
    {
        var objects = ImmutableArray.CreateBuilder<JsonObject>();
        foreach (var rule in ExportedRule.Of(configuration, version))
        {
            Add(objects, rule, name + rule.Suffix);
        }

        if (configuration.Policy is { } rules)
        {
            var holes = new Holes();
            var sentence = new NoRule(holes.Open("request.namespace")).Problems[0];
            var message = $"variables.object + ': ' + {holes.Fill(sentence)}";
            objects.AddRange(Validating($"{name}-no-rule", RuleScope.Of(configuration, rules.Length),
                configuration.DaemonSets == DaemonSetInjection.Template, PodVariables.All(),
                $"{Unchanged} || variables.byHand", message, "Deny"));
        }

        return objects.ToImmutable();
    }

    private static void Add(ImmutableArray<JsonObject>.Builder objects, ExportedRule rule, string name)
    {
        var rendering = new Rendering(rule);
        ImmutableArray<PieceExpression> pieces = [.. PieceExpression.Of(rule, rendering)];
        var patch = new PatchExpression(rule, pieces, rendering);
        (string, string)[] seen =
        [
            .. PodVariables.All(), .. AnnotatedOption.Variables(rule.Options, rule.Profile.Register),
            rendering.Release(),
            .. new Refusals(rule, rendering).Variables(),
        ];
        var sidecar = pieces.FirstOrDefault(piece => piece.Value == "variables.sidecar")?.Piece;
        (string, string)[] made =
        [
            .. InjectedContainer.Variables(rule, rendering, sidecar),
            .. patch.Variables(), .. new RecordExpression(rule, pieces, rendering).Variables(),
        ];
        objects.Add(Policy("MutatingAdmissionPolicy", name, rule.InjectsDaemonSets, new()
        {
            ["reinvocationPolicy"] = "IfNeeded",
            ["matchConditions"] = Conditions(("not-being-deleted", PodVariables.IsAlive), Named(rule.Scope)),
            ["variables"] = Variables([Labelled(rule.Scope), .. seen, .. made]),
            ["mutations"] = new JsonArray(new JsonObject
            {
                ["patchType"] = "JSONPatch",
                ["jsonPatch"] = new JsonObject { ["expression"] = patch.Mutation() },
            }),
        }));
        objects.Add(Object("MutatingAdmissionPolicyBinding", name, new() { ["policyName"] = name }));
        var missing = Cel.Text($"nothing was injected: MutatingAdmissionPolicy {name} is missing, or not in force yet");
        objects.AddRange(Validating(name, rule.Scope, rule.InjectsDaemonSets, seen,
            $"{Unchanged} || (variables.settled || variables.byHand) && variables.problems == []",
            $"variables.object + ': ' + (variables.problems == [] ? {missing} : variables.problems.join('; '))", "Deny"));
        if (rule.Rule is { WarnOnly: true })
        {
            objects.AddRange(Validating(name + "-warn", rule.Scope, rule.InjectsDaemonSets, seen,
                "variables.byHand || variables.judged == []",
                $"variables.object + ': ' + variables.judged.map(j, j + {Cel.Text(Resolved.Later)}).join('; ')", "Warn"));
        }
    }

    private static IEnumerable<JsonObject> Validating(string name, string scope, bool hasDaemonSets,
        IEnumerable<(string, string)> variables, string expression, string message, string action)
    {
        yield return Policy("ValidatingAdmissionPolicy", name, hasDaemonSets, new()
        {
            ["matchConditions"] = Conditions(("labelled", PodVariables.IsLabelled("object")),
                ("not-being-deleted", PodVariables.IsAlive), ("asks-anew", AsksAnew), Named(scope)),
            ["variables"] = Variables(variables.Append(Labelled(scope))),
            ["validations"] = new JsonArray(new JsonObject
            {
                ["expression"] = $"!variables.matches || {expression}",
                ["messageExpression"] = message,
                ["reason"] = "Forbidden",
            }),
        });
        yield return Object("ValidatingAdmissionPolicyBinding", name, new()
        {
            ["policyName"] = name,
            ["validationActions"] = new JsonArray(action),
        });
    }

    // Names are matched before anything is evaluated.
    private static (string, string) Named(string scope) => ("rule", NeedsNamespace(scope) ? "true" : scope);

    private static (string, string) Labelled(string scope) => ("matches", NeedsNamespace(scope) ? scope : "true");

    private static bool NeedsNamespace(string scope) => scope.Contains(RuleScope.NeedsNamespace, StringComparison.Ordinal);

    private static JsonObject Policy(string kind, string name, bool hasDaemonSets, JsonObject spec)
    {
        var whole = new JsonObject
        {
            ["failurePolicy"] = "Fail",
            ["matchConstraints"] = MatchedObjects.Constraints(hasDaemonSets),
        };
        foreach (var (key, value) in spec)
        {
            whole[key] = value?.DeepClone();
        }

        return Object(kind, name, whole);
    }

    private static JsonObject Object(string kind, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = Group,
        ["kind"] = kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = WellKnown.Program, [Component] = ComponentValue },
        },
        ["spec"] = spec,
    };

    private static JsonArray Conditions(params ReadOnlySpan<(string Name, string Expression)> conditions)
    {
        var list = new JsonArray();
        foreach (var (name, expression) in conditions)
        {
            list.Add((JsonNode)new JsonObject { ["name"] = name, ["expression"] = expression });
        }

        return list;
    }

    private static JsonArray Variables(IEnumerable<(string Name, string Expression)> variables)
    {
        var list = new JsonArray();
        foreach (var (name, expression) in variables.DistinctBy(variable => variable.Name))
        {
            list.Add((JsonNode)new JsonObject { ["name"] = name, ["expression"] = expression });
        }

        return list;
    }
}
