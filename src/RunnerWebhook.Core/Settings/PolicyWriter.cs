using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Settings;

/// <summary>Writes a rule of the policy the way the configuration file has it, every value stated.</summary>
public static class PolicyWriter
{
    /// <summary>The rule as the JSON of its entry in <c>policy</c>; null where nothing is restricted. Credentials are
    /// not shown.</summary>
    public static JsonObject Write(PolicyRule rule) => new()
    {
        ["namespaces"] = Texts(rule.Namespaces),
        ["namespaceSelector"] = rule.NamespaceSelector is { } selector ? Write(selector) : null,
        ["profile"] = rule.Profile ?? WellKnown.DefaultProfile,
        ["register"] = Options(rule.Register),
        ["allow"] = new JsonObject
        {
            ["annotations"] = Texts(rule.Allow.Annotations),
            ["namespaceAnnotations"] = Texts(rule.Allow.NamespaceAnnotations),
            ["engines"] = Texts(rule.Allow.Engines),
            ["dockerImages"] = Texts(rule.Allow.DockerImages),
            ["runnerImages"] = Texts(rule.Allow.RunnerImages),
            ["urls"] = Texts(rule.Allow.Urls),
            ["hostPaths"] = Texts(rule.Allow.HostPaths),
            ["privileged"] = rule.Allow.Privileged,
        },
        ["require"] = Options(rule.Require),
        ["mode"] = rule.WarnOnly ? "warn" : "deny",
    };

    private static JsonObject Write(LabelSelector selector) => new()
    {
        ["matchExpressions"] = new JsonArray([.. selector.Requirements.Select(requirement =>
        {
            var json = new JsonObject { ["key"] = requirement.Key, ["operator"] = requirement.Operator.ToString() };
            if (!requirement.Values.IsEmpty)
            {
                json["values"] = Texts(requirement.Values);
            }

            return (JsonNode)json;
        })]),
    };

    private static JsonObject Options(ImmutableDictionary<string, ImmutableArray<string>> options) =>
        new(options.OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => KeyValuePair.Create(option.Key, (JsonNode?)RegisterOptions.Shown(option.Key, option.Value))));

    private static JsonArray? Texts(ImmutableArray<string>? values) =>
        values is { } texts ? [.. texts.Select(value => (JsonNode?)value)] : null;
}
