using System.Text.Json;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.ClusterTests.Manifests;

/// <summary>The expressions of the components <c>match-conditions</c> and <c>guard</c>, by kind.</summary>
internal static class AdmissionExpressions
{
    /// <summary>All have to be true, or the webhook is not called.</summary>
    public static string[] MatchConditionsOf(string kind) =>
        Read("match-conditions", "match-conditions.yaml").SelectMany(document => document.GetProperty("webhooks").EnumerateArray())
            .Where(hook => IsFor(hook, kind)).SelectMany(hook => Expressions(hook, "matchConditions")).ToArray();

    /// <summary>All have to be true, or the guard doesn't look at the object.</summary>
    public static string[] GuardConditionsOf(string kind) => Expressions(GuardOf(kind), "matchConditions");

    /// <summary>All have to be true, or the guard refuses the object.</summary>
    public static string[] GuardValidationsOf(string kind) => Expressions(GuardOf(kind), "validations");

    private static JsonElement GuardOf(string kind) => Read("guard", "policies.yaml")
        .Single(policy => IsFor(policy.GetProperty("metadata"), kind)).GetProperty("spec");

    private static bool IsFor(JsonElement named, string kind) =>
        named.GetProperty("name").GetString()!.StartsWith(kind + "s.", StringComparison.OrdinalIgnoreCase);

    private static string[] Expressions(JsonElement owner, string list) =>
        [.. owner.GetProperty(list).EnumerateArray().Select(entry => entry.GetProperty("expression").GetString()!)];

    private static IEnumerable<JsonElement> Read(string component, string file)
    {
        var path = Path.Combine(Webhook.Repository, "charts-free-manifests", "components", component, file);
        return YamlFile.Parse(File.ReadAllText(path), out _)!.Documents.Select(document => document.Json);
    }
}
