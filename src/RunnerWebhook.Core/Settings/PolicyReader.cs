using System.Collections.Immutable;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Policy;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads the rules of the configuration's <c>policy</c>.</summary>
internal static class PolicyReader
{
    /// <summary>Reads one rule.</summary>
    /// <param name="section">The rule.</param>
    /// <param name="index">Its place among the rules, from 0.</param>
    /// <param name="profiles">The names of the profiles that there are.</param>
    /// <param name="lineOf">The line of a place in the file, from 1.</param>
    public static PolicyRule Read(
        ConfigurationSection section, int index, ImmutableHashSet<string> profiles, Func<JsonPointer, int> lineOf)
    {
        section.AllowOnly("namespaces", "namespaceSelector", "profile", "register", "allow", "require", "mode");
        var hasSelector = section.Value("namespaceSelector") is not null;
        var given = section.Texts("namespaces");
        var namespaces = given ?? (hasSelector ? ["*"] : []);
        if (namespaces.IsEmpty && section.IsMapping && (given is not null || section.Value("namespaces") is null))
        {
            section.Error("namespaces", "must be a list of namespaces, at least one; '*' stands for any text");
        }

        var profile = section.Text("profile", "", "one of " + string.Join(", ", profiles.Order(StringComparer.Ordinal)),
            profiles.Contains);
        return new()
        {
            Index = index,
            Line = lineOf(section.Path),
            Namespaces = namespaces,
            NamespaceSelector = hasSelector ? LabelSelectorReader.Read(section.Section("namespaceSelector")) : null,
            Profile = profile.Length > 0 ? profile : null,
            Register = RegisterReader.Read(section.Section("register")),
            Require = RegisterReader.Read(section.Section("require")),
            Allow = Allow(section.Section("allow")),
            WarnOnly = section.Word("mode", false, ("deny", false), ("warn", true)),
        };
    }

    private static PolicyAllowance Allow(ConfigurationSection section)
    {
        section.AllowOnly("annotations", "namespaceAnnotations", "engines", "dockerImages", "runnerImages", "urls",
            "hostPaths", "privileged");
        return new()
        {
            Annotations = section.Texts("annotations"),
            NamespaceAnnotations = section.Texts("namespaceAnnotations"),
            Engines = section.Texts("engines"),
            DockerImages = section.Texts("dockerImages"),
            RunnerImages = section.Texts("runnerImages"),
            Urls = section.Texts("urls"),
            HostPaths = section.Texts("hostPaths"),
            Privileged = section.Boolean("privileged", true),
        };
    }
}
