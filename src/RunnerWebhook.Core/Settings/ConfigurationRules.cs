using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Settings;

/// <summary>What belongs together in a configuration, which no key can say of itself.</summary>
internal static class ConfigurationRules
{
    /// <summary>Notes what contradicts itself in a profile.</summary>
    public static void Check(ConfigurationNode node, RunnerProfile profile)
    {
        CheckNames(node, profile);
        if (profile.Engine is { Kind: EngineKind.Remote, Remote.Host.Length: 0 })
        {
            node.Member("engine").Member("remote").Error(
                "lacks host, which engine kind remote needs, as in tcp://docker.example.com:2376");
        }

        foreach (var key in node.Member("cache").Member("keys").Members
            .Where(key => node.Member("register").Member(key.Name).Value is not null))
        {
            key.Error($"is set under register too, which would win: {key.Name} comes from one of them");
        }

        var unset = new RunnerProfile { Name = profile.Name };
        if (!profile.InitContainer.Guard && GlobalSection.ToToml(profile.Global) != GlobalSection.ToToml(unset.Global))
        {
            node.Member("global").Error("can only be written by the guard script: set initContainer.guard to true");
        }
    }

    /// <summary>Notes what contradicts itself in a requirement of a label selector.</summary>
    public static void Check(ConfigurationNode node, LabelRequirement requirement)
    {
        var needsValues = requirement.Operator is LabelOperator.In or LabelOperator.NotIn;
        if (node.IsMapping && requirement.Values.IsEmpty == needsValues)
        {
            node.Member("values").Error($"must {(needsValues ? "" : "not ")}be given with operator {requirement.Operator}");
        }
    }

    /// <summary>Notes what contradicts itself in a rule of the policy.</summary>
    public static void Check(ConfigurationNode node, PolicyRule rule)
    {
        var selector = node.Member("namespaceSelector");
        if (selector.IsMapping && rule.NamespaceSelector is null or { Requirements.IsEmpty: true })
        {
            selector.Error("needs matchLabels or matchExpressions: an empty selector would match every namespace");
        }
    }

    /// <summary>Notes what contradicts itself in the file as a whole.</summary>
    public static void Check(ConfigurationNode node, RunnerConfiguration configuration)
    {
        var rules = node.Member("policy");
        foreach (var (rule, item) in configuration.Policy is { } policy ? policy.Zip(rules.Items()) : [])
        {
            if (rule.Profile is { } profile && !configuration.Profiles.ContainsKey(profile))
            {
                var known = configuration.Profiles.Keys.Order(StringComparer.Ordinal);
                item.Member("profile").Error($"is '{profile}', but must be one of " + string.Join(", ", known));
            }
        }

        if (!configuration.WatchNamespaces && configuration.Policy is not null
            && Array.Exists(rules.Items(), rule => rule.Member("namespaceSelector").Value is not null))
        {
            node.Member("watchNamespaces").Error("must be true: a rule of the policy has a namespaceSelector");
        }
    }

    private static void CheckNames(ConfigurationNode node, RunnerProfile profile)
    {
        if (profile.ConfigVolume.Name == profile.SocketVolume.Name)
        {
            node.Member("socketVolume").Member("name").Error(
                $"is '{profile.SocketVolume.Name}', which is the name of configVolume: two volumes need two names");
        }

        foreach (var (section, name) in new[]
            { ("configVolume", profile.ConfigVolume.Name), ("socketVolume", profile.SocketVolume.Name) })
        {
            if (WellKnown.VolumeNames.Contains(name))
            {
                node.Member(section).Member("name").Error($"is '{name}', which is the name of another volume that is injected");
            }
        }

        foreach (var (section, sidecar) in new (string, SidecarSettings)[]
            { ("dind", profile.Engine.Dind), ("podman", profile.Engine.Podman) })
        {
            if (profile.InitContainer.Name == sidecar.Name)
            {
                node.Member("engine").Member(section).Member("name").Error(
                    $"is '{sidecar.Name}', which is the name of initContainer: two containers need two names");
            }
        }
    }
}
