using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using RunnerWebhook.Core.Exporting;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>Exported admission policies are bound, and are those of the configuration; or there are none.</summary>
internal static partial class AdmissionPolicyCheck
{
    public const string Name = "policies";

    private const string Repair = "export it again: runner-webhook export admission-policy --config FILE, and apply the output";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        if ((snapshot.MutatingPolicies.Problem ?? snapshot.MutatingBindings.Problem) is { } problem)
        {
            return [CheckResult.Skip(Name, "admission policies", problem)];
        }

        var policies = Exported(snapshot).ToArray();
        if (policies.Length == 0)
        {
            return [CheckResult.Pass(Name, "not installed: the webhook injects")];
        }

        CheckResult[] found = [.. policies.SelectMany(policy => Judge(snapshot, policy)), .. Compare(snapshot, policies)];
        var webhook = IsAlone(snapshot) ? "no webhook is registered" : "the webhook finds complete objects and changes nothing";
        return found.Length > 0 ? found
            : [CheckResult.Pass(Name, $"{policies.Length} bound, which inject and reject; {webhook}")];
    }

    /// <summary>Whether policies inject, and no webhook is registered.</summary>
    public static bool IsAlone(ClusterSnapshot snapshot) => snapshot.Registration.IsMissing && Exported(snapshot).Any();

    private static IEnumerable<JsonElement> Exported(ClusterSnapshot snapshot) => snapshot.MutatingPolicies.Or([]).Where(policy =>
        policy.Text("metadata", "labels", AdmissionPolicies.Component) == AdmissionPolicies.ComponentValue);

    private static IEnumerable<CheckResult> Judge(ClusterSnapshot snapshot, JsonElement policy)
    {
        var name = policy.Text("metadata", "name");
        if (!IsBound(snapshot.MutatingBindings, name))
        {
            yield return CheckResult.Fail(Name, $"MutatingAdmissionPolicy {name} has no binding: it injects nothing", Repair);
        }

        var rejects = snapshot.Policies.Or([]).Any(other => other.Text("metadata", "name") == name)
            && IsBound(snapshot.Bindings, name);
        if (!rejects && (snapshot.Policies.Problem ?? snapshot.Bindings.Problem) is null)
        {
            yield return CheckResult.Fail(Name, $"ValidatingAdmissionPolicy {name} or its binding is missing: workloads that "
                + "can not be injected start without a runner", Repair);
        }
    }

    private static bool IsBound(Reading<ImmutableArray<JsonElement>> bindings, string name) =>
        bindings.Or([]).Any(binding => binding.Text("spec", "policyName") == name);

    private static IEnumerable<CheckResult> Compare(ClusterSnapshot snapshot, JsonElement[] policies)
    {
        if (snapshot.Configuration.Injector is not { Configuration: var configuration })
        {
            yield break;
        }

        var name = Rule().Replace(policies[0].Text("metadata", "name"), "");
        foreach (var expected in AdmissionPolicies.Of(configuration, ProgramVersion.Text, name)
            .Where(policy => (string)policy["kind"]! == "MutatingAdmissionPolicy").Select(policy => JsonText.ToElement(policy)))
        {
            var own = expected.Text("metadata", "name");
            var found = policies.FirstOrDefault(policy => policy.Text("metadata", "name") == own);
            if (found.ValueKind != JsonValueKind.Object)
            {
                yield return CheckResult.Fail(
                    Name, $"MutatingAdmissionPolicy {own} is missing: the configuration has its rule", Repair);
            }
            else if (!ShippedManifest.IsIn(expected.At("spec")!.Value, found.At("spec") ?? default))
            {
                yield return CheckResult.Warn(Name,
                    $"MutatingAdmissionPolicy {own} is not the one that {snapshot.Configuration.Place} exports", Repair);
            }
        }
    }

    [GeneratedRegex("-rule-[0-9]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Rule();
}
