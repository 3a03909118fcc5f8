using System.Globalization;
using RunnerWebhook.Core.Workloads;


namespace RunnerWebhook.Check;

/// <summary>The Secrets that hold the runners' tokens exist, with the right key, and are older than the pods that use them.
/// Their values are never looked at.</summary>
internal static class TokenCheck
{
    public const string Name = "tokens";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        if (snapshot.Configuration.Injector is null)
        {
            return [CheckResult.Skip(Name, "token Secrets", "the configuration is not at hand")];
        }

        var needs = TokenNeed.Of(snapshot).ToArray();
        var results = needs.GroupBy(need => (need.Namespace, need.Secret, need.Key))
            .SelectMany(group => Judge(snapshot, [.. group])).ToArray();
        return results.Length > 0 ? results
            : needs.Length > 0 ? [CheckResult.Pass(Name, "every token Secret that is needed exists, with its key")] : [];
    }

    private static IEnumerable<CheckResult> Judge(ClusterSnapshot snapshot, TokenNeed[] needs)
    {
        var need = needs[0];
        var subject = $"Secret {need.Namespace}/{need.Secret}";
        var reading = snapshot.Tokens.GetValueOrDefault((need.Namespace, need.Secret), Reading<TokenKeys>.Untried);
        if (reading.Problem is { } problem)
        {
            return [CheckResult.Skip(Name, $"{subject}, which {need.Owner} needs,", problem)];
        }

        if (!reading.Has(out var keys))
        {
            return [CheckResult.Fail(Name, $"there is no {subject}, from which {need.Owner} takes its token",
                $"kubectl create secret generic {need.Secret} -n {need.Namespace} --from-literal={need.Key}=…")];
        }

        if (keys.Names.Contains(need.Key))
        {
            return needs.Select(each => Newer(snapshot, each, subject, keys)).OfType<CheckResult>();
        }

        return
        [
            CheckResult.Fail(Name, $"{subject} has no key {need.Key}, or an empty one, from which {need.Owner} takes its token",
                keys.Names.IsEmpty ? $"the Secret is empty: put the token into the key {need.Key}"
                    : $"its keys are {string.Join(", ", keys.Names)}: put the token into {need.Key}, or name the right one in "
                    + $"the annotation {WellKnown.TokenSecretKeyAnnotation}"),
        ];
    }

    // A runner keeps the token that it registered with until its pod is created anew.
    private static CheckResult? Newer(ClusterSnapshot snapshot, TokenNeed need, string subject, TokenKeys keys)
    {
        var registered = snapshot.Pods.Where(owned => owned.Owner == need.Owner).SelectMany(owned => owned.Pods)
            .Where(PodState.Runs).Select(pod => PodState.Registered(pod, need.InitContainer)).OfType<DateTimeOffset>().ToArray();
        var older = registered.Count(time => time < keys.Changed);
        return older == 0 ? null : CheckResult.Warn(Name, string.Create(CultureInfo.InvariantCulture,
            $"{subject} was changed at {keys.Changed!.Value.UtcDateTime:u}, after {older} of {registered.Length} pods of ")
            + $"{need.Owner} registered: they use the old token", need.Owner.Renewal);
    }
}
