using System.Collections.Immutable;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads a profile's <c>engine</c>. The settings of each kind have a mapping of their own, whichever kind is
/// chosen: a workload may choose another.</summary>
internal static class EngineReader
{
    private const int MaxMtu = 65_535;

    public static EngineSettings Read(ConfigurationSection section)
    {
        section.AllowOnly("kind", "socketPath", "dind", "remote");
        var unset = EngineSettings.Default;
        var engine = new EngineSettings(
            section.Word("kind", unset.Kind, [.. EngineName.All]),
            section.Text("socketPath", unset.SocketPath, AbsolutePath.Rule, AbsolutePath.IsValid))
        {
            Dind = Dind(section.Section("dind"), unset.Dind),
            Remote = Remote(section.Section("remote")),
        };
        if (engine.Kind == EngineKind.Remote && section.Section("remote").Value("host") is null)
        {
            section.Error("remote", "lacks host, which engine kind remote needs, as in tcp://docker.example.com:2376");
        }

        return engine;
    }

    private static DindSettings Dind(ConfigurationSection section, DindSettings unset)
    {
        section.AllowOnly("name", "image", "sidecar", "sizeLimit", "mtu", "registryMirrors", "args", "resources");
        return unset with
        {
            Name = section.Text("name", unset.Name, KubernetesName.LabelRule, KubernetesName.IsLabel),
            Image = section.Text("image", unset.Image, "an image reference without spaces",
                text => text.Length > 0 && !text.Any(char.IsWhiteSpace)),
            Sidecar = section.Word("sidecar", unset.Sidecar, ("auto", SidecarKind.Auto), ("native", SidecarKind.Native),
                ("container", SidecarKind.Container)),
            SizeLimit = section.Text("sizeLimit", unset.SizeLimit, "a quantity such as 20Gi, or empty",
                text => text.Length == 0 || ResourcesReader.IsQuantity(text)),
            Mtu = section.Number("mtu", unset.Mtu, 0, MaxMtu),
            RegistryMirrors = Checked(section, "registryMirrors", "an http or https URL", IsWebAddress),
            Args = Checked(section, "args", "an argument of dockerd that opens no socket: the pod's alone is served",
                argument => !argument.StartsWith("-H", StringComparison.Ordinal)
                    && !argument.StartsWith("--host", StringComparison.Ordinal)),
            Resources = ResourcesReader.Read(section.Section("resources"), section.Value("resources")) ?? unset.Resources,
        };
    }

    private static RemoteSettings Remote(ConfigurationSection section)
    {
        section.AllowOnly("host", "tlsSecretName");
        return new(
            section.Text("host", "", "tcp:// with a host and a port", IsTcpAddress),
            section.Text("tlsSecretName", "", KubernetesName.SubdomainRule, KubernetesName.IsSubdomain));
    }

    private static ImmutableArray<string> Checked(
        ConfigurationSection section, string name, string rule, Func<string, bool> isValid)
    {
        var values = section.Texts(name) ?? [];
        foreach (var value in values.Where(value => !isValid(value)))
        {
            section.Error(name, $"has '{value}', but each must be {rule}");
        }

        return values;
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0;

    private static bool IsTcpAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url is { Scheme: "tcp", Host.Length: > 0, Port: > 0, PathAndQuery: "" or "/", UserInfo: "", Fragment: "" };
}
