using System.Globalization;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Resolution;

/// <summary>What is valid in a configuration, but hardly meant.</summary>
public static class ConfigurationAdvice
{
    // The name of the runner container is no setting.
    private const string Restricted = "annotation that rules restrict";

    /// <summary>Every finding, with its field.</summary>
    public static IEnumerable<ConfigurationError> Of(RunnerConfiguration configuration)
    {
        var used = UsedProfiles(configuration);
        var profiles = configuration.Profiles.Values.OrderBy(profile => profile.Name, StringComparer.Ordinal);
        return profiles.Where(profile => IsStated(profile) || used.Contains(profile.Name))
            .SelectMany(profile => OfProfile(configuration, profile, used.Contains(profile.Name)))
            .Concat(OfPolicy(configuration.Policy ?? []));
    }

    private static HashSet<string> UsedProfiles(RunnerConfiguration configuration)
    {
        var rules = configuration.Policy ?? [];
        var isFree = configuration.Policy is null || rules.Any(MayChoose);
        return [.. isFree ? configuration.Profiles.Keys : rules.Select(rule => rule.Profile ?? WellKnown.DefaultProfile)];
    }

    private static bool IsStated(RunnerProfile profile) => !profile.StatedAt.IsEmpty;

    // Whether its workloads may choose their profile.
    private static bool MayChoose(PolicyRule rule) =>
        rule.Allow.Annotations?.Any(glob => Glob.Matches(glob, SettingsResolver.ProfileName)) ?? true;

    private static IEnumerable<ConfigurationError> OfProfile(
        RunnerConfiguration configuration, RunnerProfile profile, bool isUsed)
    {
        var at = JsonPointer.Of("profiles", profile.Name);
        if (!isUsed)
        {
            yield return new(at, "is never used: no rule names it, and no rule allows the annotation gitlab-runner/profile",
                Key: true);
        }

        foreach (var option in isUsed ? RequiredOptions.Missing(profile) : [])
        {
            if (!AllRulesSet(configuration, profile, option))
            {
                yield return new(at.Append("register"), $"lacks {option}: only workloads that get one by a rule or an "
                    + "annotation can be injected", Key: true);
            }
        }

        if (profile.Register.TryGetValue("url", out var urls) && urls is [var url] && IsInsideGitLab(url))
        {
            yield return new(at.Append("register").Append("url"), $"is '{url}', a page or the API of GitLab: the runner needs "
                + "GitLab's own address, as in https://gitlab.example.com/");
        }

        if (profile.Token.Value is not null)
        {
            yield return new(at.Append("token").Append("value"),
                "is a token that everyone who may read the pods can read: put it in a Secret, and name the Secret in secretName");
        }

        foreach (var (index, argument) in profile.ExtraArgs.Index())
        {
            var isToken = RegisterArguments.IsToken(argument);
            if (isToken || RegisterArguments.IsSecret(argument))
            {
                yield return new(at.Append("extraArgs").Append(index), $"{RegisterArguments.NameOf(argument)} shows the "
                    + $"{(isToken ? "token" : "credential")} to everyone who may read the pods: use "
                    + (isToken ? "token.secretName" : "cache.secretName"));
            }
        }

        foreach (var option in profile.Register.Keys.Where(name => RegisterOptions.Find(name) is { Secret: true })
            .Order(StringComparer.Ordinal))
        {
            yield return new(at.Append("register").Append(option),
                "is a credential that everyone who may read the pods can read");
        }

        foreach (var option in profile.Token.Mode == TokenMode.Authentication ? RegisterOptions.All : [])
        {
            if (option.ServerSide && profile.Register.ContainsKey(option.Name))
            {
                yield return new(at.Append("register").Append(option.Name),
                    "has no effect with token.mode authentication: set it on the runner in GitLab");
            }
        }

        if (Limit(profile) is { } limit && limit > Concurrent(profile))
        {
            yield return new(at.Append("register").Append("limit"), string.Create(CultureInfo.InvariantCulture,
                $"is {limit}, but global.concurrent lets no more than {Concurrent(profile)} jobs run"));
        }
    }

    // GitLab itself may be below a path of its host.
    private static bool IsInsideGitLab(string url) => url.Contains("/api/v", StringComparison.Ordinal)
        || url.Contains("/-/", StringComparison.Ordinal) || url.Contains("/admin/", StringComparison.Ordinal)
        || url.EndsWith(".git", StringComparison.Ordinal);

    private static bool AllRulesSet(RunnerConfiguration configuration, RunnerProfile profile, string option) =>
        configuration.Policy is { IsEmpty: false } rules
        && rules.Where(rule => (rule.Profile ?? WellKnown.DefaultProfile) == profile.Name || MayChoose(rule))
            .All(rule => rule.Register.ContainsKey(option));

    private static long? Limit(RunnerProfile profile) => profile.Register.TryGetValue("limit", out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;

    private static long Concurrent(RunnerProfile profile) =>
        profile.Global.TryGetValue("concurrent", out var value) && value.TryGetInt64(out var concurrent) ? concurrent : 1;

    private static IEnumerable<ConfigurationError> OfPolicy(IReadOnlyList<PolicyRule> rules)
    {
        // Selector rules never shadow later rules: they may match no namespace.
        var before = new List<(string Glob, string Place)>();
        foreach (var (index, rule) in rules.Index())
        {
            var at = JsonPointer.Of("policy").Append(index);
            var taken = rule.Namespaces.Select(glob => before.FirstOrDefault(other => Glob.Matches(other.Glob, glob))).ToArray();
            if (Array.TrueForAll(taken, other => other.Place is not null))
            {
                yield return new(at, $"is never reached: {taken[0].Place} comes first, and matches "
                    + string.Join(", ", taken.Select(other => other.Glob).Distinct()));
            }
            else
            {
                foreach (var (position, other) in taken.Index().Where(item => item.Item.Place is not null))
                {
                    yield return new(at.Append("namespaces").Append(position),
                        $"'{rule.Namespaces[position]}' is never reached: {other.Place} comes first, and matches {other.Glob}");
                }
            }

            foreach (var finding in OfAllowance(at.Append("allow"), rule.Allow))
            {
                yield return finding;
            }

            before.AddRange(rule.NamespaceSelector is null ? rule.Namespaces.Select(glob => (glob, rule.Place)) : []);
        }
    }

    private static IEnumerable<ConfigurationError> OfAllowance(JsonPointer at, PolicyAllowance allow)
    {
        var annotations = RegisterOptions.All.Select(option => option.Name)
            .Concat(SettingsResolver.StructuralNames).Append(SettingsResolver.ProfileName).ToArray();
        return Unmatched(at.Append("annotations"), allow.Annotations ?? [], annotations, Restricted)
            .Concat(Unmatched(at.Append("namespaceAnnotations"), allow.NamespaceAnnotations ?? [], annotations, Restricted))
            .Concat(Unmatched(at.Append("engines"), allow.Engines ?? [], [.. Enum.GetValues<EngineKind>().Select(EngineName.Of)],
                "engine"));
    }

    private static IEnumerable<ConfigurationError> Unmatched(
        JsonPointer at, IReadOnlyList<string> globs, string[] known, string what) =>
        globs.Index().Where(glob => !known.Any(name => Glob.Matches(glob.Item, name))).Select(glob =>
            new ConfigurationError(at.Append(glob.Index), $"'{glob.Item}' matches no {what}{Suggestion.For(glob.Item, known)}"));
}
