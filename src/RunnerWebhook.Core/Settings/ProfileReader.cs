using System.Text.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads one profile of the configuration.</summary>
internal static class ProfileReader
{
    public static RunnerProfile Read(string name, ConfigurationSection section)
    {
        section.AllowOnly("register", "extraArgs", "token", "engine", "initContainer", "configVolume", "socketVolume",
            "lifecycle", "template", "certificates", "cache", "global");
        var unset = new RunnerProfile { Name = name };
        var profile = unset with
        {
            Register = unset.Register.SetItems(RegisterReader.Read(section.Section("register"))),
            ExtraArgs = section.Texts("extraArgs") ?? [],
            Token = Token(section.Section("token")),
            Engine = EngineReader.Read(section.Section("engine")),
            InitContainer = InitContainer(section.Section("initContainer"), unset.InitContainer),
            ConfigVolume = ConfigVolume(section.Section("configVolume"), unset.ConfigVolume),
            SocketVolume = SocketVolume(section.Section("socketVolume"), unset.SocketVolume),
            Lifecycle = Lifecycle(section.Section("lifecycle"), unset.Lifecycle),
            Template = AttachmentReader.Template(section.Section("template")),
            Certificates = AttachmentReader.Certificates(section.Section("certificates")),
            Cache = AttachmentReader.Cache(section.Section("cache"), section.Section("register")),
            Global = GlobalReader.Read(section.Section("global"), unset.Global),
        };
        CheckTogether(section, profile, unset);
        return profile;
    }

    private static TokenSettings Token(ConfigurationSection section)
    {
        section.AllowOnly("secretName", "secretKey", "mode", "value");
        var unset = TokenSettings.Default;
        if (section.Value("value") is not null && section.Value("secretName") is not null)
        {
            section.Error("value", "can't be given together with secretName: the token comes from one of them");
        }

        return new(
            section.Text("secretName", unset.SecretName, KubernetesName.SubdomainRule, KubernetesName.IsSubdomain),
            section.Text("secretKey", unset.SecretKey, KubernetesName.DataKeyRule, KubernetesName.IsDataKey),
            section.Word("mode", unset.Mode, ("auto", TokenMode.Auto),
                ("authentication", TokenMode.Authentication), ("registration", TokenMode.Registration)),
            section.Value("value") is null ? null : TokenValue(section));
    }

    private static string? TokenValue(ConfigurationSection section)
    {
        if (section.Value("value") is { ValueKind: JsonValueKind.String } value
            && value.GetString()!.All(c => c is > ' ' and < '\u007f') && value.GetString()!.Length > 0)
        {
            return value.GetString();
        }

        // The message doesn't repeat the value: it may be a token with a typing error.
        section.Error("value", "must be a string of printable ASCII characters without spaces");
        return null;
    }

    private static InitContainerSettings InitContainer(ConfigurationSection section, InitContainerSettings unset)
    {
        section.AllowOnly("name", "image", "guard", "position", "resources");
        return unset with
        {
            Name = section.Text("name", unset.Name, KubernetesName.LabelRule, KubernetesName.IsLabel),
            Image = section.Text("image", unset.Image, "an image reference without spaces",
                text => !text.Any(char.IsWhiteSpace)),
            Guard = section.Boolean("guard", unset.Guard),
            Position = InitPosition.TryParse(section.Text("position", unset.Position.ToString(),
                "first, last or before:NAME", text => InitPosition.TryParse(text) is not null)) ?? unset.Position,
            Resources = ResourcesReader.Read(section.Section("resources"), section.Value("resources")) ?? unset.Resources,
        };
    }

    private static ConfigVolumeSettings ConfigVolume(ConfigurationSection section, ConfigVolumeSettings unset)
    {
        section.AllowOnly("name", "mountPath", "medium");
        return new(
            section.Text("name", unset.Name, KubernetesName.LabelRule, KubernetesName.IsLabel),
            section.Text("mountPath", unset.MountPath, AbsolutePath.Rule, AbsolutePath.IsValid),
            section.Word("medium", unset.Medium, ("", ""), ("Memory", "Memory")));
    }

    private static SocketVolumeSettings SocketVolume(ConfigurationSection section, SocketVolumeSettings unset)
    {
        section.AllowOnly("name", "type");
        return new(
            section.Text("name", unset.Name, KubernetesName.LabelRule, KubernetesName.IsLabel),
            section.Word("type", unset.Type, ("", ""), ("Socket", "Socket"), ("File", "File"),
                ("FileOrCreate", "FileOrCreate")));
    }

    private static LifecycleSettings Lifecycle(ConfigurationSection section, LifecycleSettings unset)
    {
        section.AllowOnly("unregister", "gracePeriodSeconds", "systemId");
        return new(
            section.Boolean("unregister", unset.Unregister),
            section.Number("gracePeriodSeconds", unset.GracePeriodSeconds, 0, 7 * 24 * 3600),
            section.Word("systemId", unset.StableSystemId, ("auto", true), ("random", false)));
    }

    private static void CheckTogether(ConfigurationSection section, RunnerProfile profile, RunnerProfile unset)
    {
        if (profile.ConfigVolume.Name == profile.SocketVolume.Name)
        {
            section.Section("socketVolume").Error("name",
                $"is '{profile.SocketVolume.Name}', which is the name of configVolume: two volumes need two names");
        }

        (string Key, string Name)[] volumes =
            [("configVolume", profile.ConfigVolume.Name), ("socketVolume", profile.SocketVolume.Name)];
        foreach (var (key, name) in volumes)
        {
            if (WellKnown.VolumeNames.Contains(name))
            {
                section.Section(key).Error("name", $"is '{name}', which is the name of another volume that is injected");
            }
        }

        if (profile.InitContainer.Name == profile.Engine.Dind.Name)
        {
            section.Section("engine").Section("dind").Error("name",
                $"is '{profile.InitContainer.Name}', which is the name of initContainer: two containers need two names");
        }

        if (!profile.InitContainer.Guard && GlobalSection.ToToml(profile.Global) != GlobalSection.ToToml(unset.Global))
        {
            section.Error("global", "can only be written by the guard script: set initContainer.guard to true");
        }
    }
}
