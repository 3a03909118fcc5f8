using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The webhook is registered at the API server, and as it is shipped.</summary>
internal static class RegistrationCheck
{
    public const string Name = "registration";

    private const string Subject = $"MutatingWebhookConfiguration {WellKnown.Program}";
    private const string Repair = "bring it back: kubectl apply -k charts-free-manifests";

    private const string Policy = "failurePolicy of ";

    // The first release whose API server has match conditions without a feature gate.
    private static readonly KubernetesVersion WithConditions = new(1, 30);

    private static readonly JsonElement[] Shipped =
        [.. ShippedManifest.Documents("mutatingwebhookconfiguration.yaml")[0].List("webhooks")];

    private static readonly JsonElement[] Conditions =
        [.. ShippedManifest.Documents("match-conditions.yaml")[0].List("webhooks")];

    // A difference in these is what the user may have chosen; in any other it keeps workloads from being injected.
    private static readonly string[] Choices =
        ["failurePolicy", "timeoutSeconds", "namespaceSelector", "matchPolicy", "reinvocationPolicy"];

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        if (snapshot.Registration.Problem is { } problem)
        {
            return [CheckResult.Skip(Name, Subject, problem)];
        }

        if (!snapshot.Registration.Has(out var registration))
        {
            return [CheckResult.Fail(Name, $"there is no {Subject}: the API server calls no webhook, and labelled "
                + "workloads start without a runner", "install it: kubectl apply -k charts-free-manifests")];
        }

        CheckResult[] drift =
        [
            .. Shipped.SelectMany(shipped => Compare(shipped, registration))
                // The guard is installed with Ignore, and GuardCheck judges it.
                .Where(result => !GuardCheck.IsInstalled(snapshot)
                    || !result.Sentence.StartsWith(Policy, StringComparison.Ordinal)),
            .. Conditions.SelectMany(shipped => CompareConditions(snapshot, shipped, registration)).Take(1),
        ];
        return drift.Length > 0 ? drift : [CheckResult.Pass(Name, $"{Subject} is as shipped")];
    }

    /// <summary>Those of the registered webhooks that are ours.</summary>
    public static IEnumerable<JsonElement> Ours(ClusterSnapshot snapshot) => snapshot.Registration.Has(out var registration)
        ? registration.List("webhooks").Where(hook => Shipped.Any(shipped => shipped.Text("name") == hook.Text("name")))
        : [];

    private static IEnumerable<CheckResult> Compare(JsonElement shipped, JsonElement registration)
    {
        var name = shipped.Text("name");
        if (registration.List("webhooks").FirstOrDefault(hook => hook.Text("name") == name)
            is not { ValueKind: JsonValueKind.Object } found)
        {
            yield return CheckResult.Fail(Name, $"{Subject} has no webhook {name}", Repair);
            yield break;
        }

        foreach (var field in shipped.EnumerateObject().Where(field => field.Name is not ("name" or "clientConfig")))
        {
            if (found.At(field.Name) is not { } value)
            {
                yield return Drift(field.Name, $"{name} has no {field.Name}, shipped is {Shown(field.Value)}");
            }
            else if (!JsonEquality.AreEqual(value, field.Value))
            {
                yield return Drift(field.Name, $"{field.Name} of {name} is {Shown(value)}, shipped is {Shown(field.Value)}");
            }
        }

        var path = found.At("clientConfig", "service") is null ? new Uri(found.Text("clientConfig", "url")).AbsolutePath
            : found.Text("clientConfig", "service", "path");
        if (path != shipped.Text("clientConfig", "service", "path"))
        {
            yield return CheckResult.Fail(Name, $"{name} is called at path '{path}', where no webhook is", Repair);
        }
    }

    private static IEnumerable<CheckResult> CompareConditions(
        ClusterSnapshot snapshot, JsonElement shipped, JsonElement registration)
    {
        var name = shipped.Text("name");
        var found = registration.List("webhooks").FirstOrDefault(hook => hook.Text("name") == name);
        if (found.ValueKind != JsonValueKind.Object || snapshot.Release is not { } release || release < WithConditions)
        {
            yield break;
        }

        if (found.At("matchConditions") is not { } conditions)
        {
            yield return CheckResult.Warn(Name, $"{name} has no matchConditions, which are shipped for Kubernetes "
                + $"{WithConditions} and later: while no replica can be called, "
                + "deletions and edits of metadata fail too", Repair);
        }
        else if (!JsonEquality.AreEqual(conditions, shipped.At("matchConditions")!.Value))
        {
            yield return CheckResult.Warn(Name, $"matchConditions of {name} differ from the shipped ones: workloads "
                + "that they exclude get no runner", Repair);
        }
    }

    private static CheckResult Drift(string field, string sentence) => Choices.Contains(field)
        ? CheckResult.Warn(Name, sentence, Meaning(field))
        : CheckResult.Fail(Name, sentence, Repair);

    private static string Meaning(string field) => field switch
    {
        "failurePolicy" => "with Ignore, labelled workloads start without a runner while the webhook can't be called; install "
            + "the guard: kubectl apply -k charts-free-manifests/overlays/guard",
        "timeoutSeconds" => "the API server waits that long for an answer; the webhook takes milliseconds",
        "namespaceSelector" => "make sure that it includes every namespace with runners, and excludes the cluster's own",
        "reinvocationPolicy" => "pieces that a later webhook drops come back with IfNeeded only",
        _ => Repair,
    };

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object or JsonValueKind.Array => Core.Json.JsonText.ToNode(value)!.ToJsonString(),
        _ => value.GetRawText(),
    };
}
