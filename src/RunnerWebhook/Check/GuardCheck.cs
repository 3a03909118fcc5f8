using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Check;

/// <summary>The guard, which refuses workloads that were not injected, is whole or not there at all.</summary>
internal static class GuardCheck
{
    public const string Name = "guard";

    private const string Repair = "kubectl apply -k charts-free-manifests/overlays/guard";

    private const string DaemonSets = "daemonsets.runner-webhook.local";

    private static readonly ImmutableArray<JsonElement> Policies = ShippedManifest.Documents("guard-policies.yaml");
    private static readonly ImmutableArray<JsonElement> Bindings = ShippedManifest.Documents("guard-bindings.yaml");

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        if ((snapshot.Policies.Problem ?? snapshot.Bindings.Problem) is { } problem)
        {
            return [CheckResult.Skip(Name, "the guard", problem)];
        }

        if (!IsInstalled(snapshot))
        {
            return [CheckResult.Pass(Name, "not installed: with failurePolicy Fail none is needed")];
        }

        CheckResult[] found =
        [
            .. Policies.Concat(Bindings).Select(shipped => IsUnwanted(snapshot, shipped) ? JudgeUnwanted(snapshot, shipped)
                : Judge(snapshot, shipped)).OfType<CheckResult>(),
        ];
        return found.Length > 0 ? found
            : [CheckResult.Pass(Name, "its policies are as shipped and bound: workloads without a runner are refused")];
    }

    /// <summary>Whether any part of the guard is installed.</summary>
    public static bool IsInstalled(ClusterSnapshot snapshot) =>
        Policies.Concat(Bindings).Any(shipped => Find(snapshot, shipped) is not null);

    // DaemonSets are bare there, as they should be.
    private static bool IsUnwanted(ClusterSnapshot snapshot, JsonElement shipped) => NameOf(shipped) == DaemonSets
        && snapshot.Configuration.Injector is { Configuration.DaemonSets: DaemonSetInjection.Pods };

    private static CheckResult? JudgeUnwanted(ClusterSnapshot snapshot, JsonElement shipped) =>
        shipped.Text("kind") == "ValidatingAdmissionPolicy" || Find(snapshot, shipped) is null ? null
            : CheckResult.Fail(Name, $"{shipped.Text("kind")} {DaemonSets} refuses every new DaemonSet, since daemonSets is pods",
                $"kubectl delete validatingadmissionpolicybinding {DaemonSets}; add components/daemonsets-as-applied");

    private static CheckResult? Judge(ClusterSnapshot snapshot, JsonElement shipped)
    {
        var subject = $"{shipped.Text("kind")} {NameOf(shipped)}";
        if (Find(snapshot, shipped) is not { } found)
        {
            return CheckResult.Fail(Name, $"{subject} is missing: workloads that were not injected are not refused", Repair);
        }

        var warnings = found.List("status", "typeChecking", "expressionWarnings").ToArray();
        return warnings.Length > 0
            ? CheckResult.Fail(Name, $"the API server can't evaluate {subject}: {warnings[0].Text("warning")}", Repair)
            : ShippedManifest.IsIn(shipped.At("spec")!.Value, found.At("spec") ?? default) ? null
            : CheckResult.Warn(Name, $"{subject} differs from the shipped one", Repair);
    }

    private static JsonElement? Find(ClusterSnapshot snapshot, JsonElement shipped)
    {
        var all = shipped.Text("kind") == "ValidatingAdmissionPolicy" ? snapshot.Policies : snapshot.Bindings;
        return all.Or([]).FirstOrDefault(item => NameOf(item) == NameOf(shipped)) is { ValueKind: JsonValueKind.Object } found
            ? found : null;
    }

    private static string NameOf(JsonElement item) => item.Text("metadata", "name");
}
