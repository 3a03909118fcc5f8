using System.Collections.Immutable;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads what a profile takes from Secrets and ConfigMaps beside the token.</summary>
internal static class AttachmentReader
{
    public static TemplateSettings? Template(ConfigurationSection section)
    {
        section.AllowOnly("configMapName", "key");
        if (!section.IsMapping)
        {
            return null;
        }

        RequireName(section, "configMapName");
        return new(Name(section, "configMapName"), Key(section, TemplateSettings.DefaultKey));
    }

    public static CertificateSettings? Certificates(ConfigurationSection section)
    {
        section.AllowOnly("secretName", "configMapName", "key");
        if (!section.IsMapping)
        {
            return null;
        }

        var isSecret = section.Value("secretName") is not null;
        if (!isSecret)
        {
            RequireName(section, "configMapName", "secretName or ");
        }
        else if (section.Value("configMapName") is not null)
        {
            section.Error("configMapName", "can't be given together with secretName: the certificates come from one of them");
        }

        return new(Name(section, "secretName"), Name(section, "configMapName"), Key(section, CertificateSettings.DefaultKey));
    }

    public static CacheSettings? Cache(ConfigurationSection section, ConfigurationSection register)
    {
        section.AllowOnly("secretName", "keys");
        if (!section.IsMapping)
        {
            return null;
        }

        RequireName(section, "secretName");
        var keys = section.Section("keys");
        if (!keys.Names.Any())
        {
            section.Error("keys", "must map register options to keys of the Secret, as in cache-s3-secret-key: secretkey");
        }

        keys.AllowOnly([.. CacheSettings.Options.Select(option => option.Name)]);
        foreach (var name in keys.Names.Where(name => register.Value(name) is not null))
        {
            keys.Error(name, $"is set under register too, which would win: {name} comes from one of them");
        }

        return new(Name(section, "secretName"), keys.Names.ToImmutableSortedDictionary(name => name,
            name => keys.Text(name, "", KubernetesName.DataKeyRule, KubernetesName.IsDataKey), StringComparer.Ordinal));
    }

    private static void RequireName(ConfigurationSection section, string name, string other = "")
    {
        if (section.Value(name) is null)
        {
            section.Error(name, $"is missing: {other}{name} says where {section.Path.Last} comes from");
        }
    }

    private static string Name(ConfigurationSection section, string name) =>
        section.Text(name, "", KubernetesName.SubdomainRule, KubernetesName.IsSubdomain);

    private static string Key(ConfigurationSection section, string unset) =>
        section.Text("key", unset, KubernetesName.DataKeyRule, KubernetesName.IsDataKey);
}
