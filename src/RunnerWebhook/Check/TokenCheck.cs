using RunnerWebhook.Core.Workloads;


namespace RunnerWebhook.Check;

/// <summary>The Secrets that runners take their tokens from are there, with the right key. Their values are never looked
/// at.</summary>
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
        var results = needs.Select(need => Judge(snapshot, need)).OfType<CheckResult>().ToArray();
        return results.Length > 0 ? results
            : needs.Length > 0 ? [CheckResult.Pass(Name, "every token Secret that is needed is there, with its key")] : [];
    }

    private static CheckResult? Judge(ClusterSnapshot snapshot, TokenNeed need)
    {
        var subject = $"Secret {need.Namespace}/{need.Secret}";
        if (snapshot.Tokens.GetValueOrDefault((need.Namespace, need.Secret)) is not { IsKnown: true } reading)
        {
            return CheckResult.Skip(Name, $"{subject}, which {need.Owner} needs,",
                snapshot.Tokens.GetValueOrDefault((need.Namespace, need.Secret))?.Problem ?? "it was not read");
        }

        if (reading.Value is not { } keys)
        {
            return CheckResult.Fail(Name, $"there is no {subject}, which {need.Owner} takes its token from",
                $"kubectl create secret generic {need.Secret} -n {need.Namespace} --from-literal={need.Key}=…");
        }

        return keys.Contains(need.Key) ? null
            : CheckResult.Fail(Name, $"{subject} has no key {need.Key}, or an empty one, which {need.Owner} takes its token from",
                keys.IsEmpty ? "the Secret is empty: put the token in" : $"its keys are {string.Join(", ", keys)}: put the token "
                    + $"into {need.Key}, or name the right one in the annotation {WellKnown.TokenSecretKeyAnnotation}");
    }
}
