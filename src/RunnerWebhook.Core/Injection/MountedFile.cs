using System.Text.Json.Nodes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>A file that the pod gets from a Secret or ConfigMap of its namespace. Its whole directory is mounted, so that
/// a change arrives.</summary>
/// <param name="Volume">The volume's name.</param>
/// <param name="Directory">Where it is mounted.</param>
/// <param name="Name">The file's name in there.</param>
/// <param name="Source">Where the content comes from: the volume without its name.</param>
/// <param name="InRunner">Whether the runner container needs it too, and not the registration alone.</param>
internal sealed record MountedFile(
    string Volume, string Directory, string Name, KeyValuePair<string, JsonNode?> Source, bool InRunner)
{
    /// <summary>The file's path.</summary>
    public string Path => $"{Directory}/{Name}";

    /// <summary>The template of <c>config.toml</c>; null if the profile has none.</summary>
    public static MountedFile? Template(RunnerProfile profile) => profile.Template is { } template
        ? Of(WellKnown.TemplateVolume, WellKnown.TemplateDirectory, "template.toml", "", template.ConfigMapName, template.Key,
            inRunner: false)
        : null;

    /// <summary>The CA certificates; null if the profile has none. Their path is in <c>config.toml</c>, so it is
    /// the same in both containers.</summary>
    public static MountedFile? Certificates(RunnerProfile profile) => profile.Certificates is { } ca
        ? Of(WellKnown.CertificatesVolume, WellKnown.CertificatesDirectory, "ca.crt", ca.SecretName, ca.ConfigMapName, ca.Key,
            inRunner: true)
        : null;

    /// <summary>All files of a profile.</summary>
    public static IEnumerable<MountedFile> All(RunnerProfile profile) =>
        new[] { Certificates(profile), Template(profile) }.OfType<MountedFile>();

    /// <summary>The volume.</summary>
    public JsonObject ToVolume() => new() { ["name"] = Volume, [Source.Key] = Source.Value!.DeepClone() };

    /// <summary>The mount.</summary>
    public JsonObject ToMount() => new() { ["name"] = Volume, ["mountPath"] = Directory, ["readOnly"] = true };

    private static MountedFile Of(
        string volume, string directory, string name, string secret, string configMap, string key, bool inRunner)
    {
        var source = new JsonObject
        {
            [secret.Length > 0 ? "secretName" : "name"] = secret.Length > 0 ? secret : configMap,
            ["items"] = new JsonArray(new JsonObject { ["key"] = key, ["path"] = name }),
        };
        return new(volume, directory, name, new(secret.Length > 0 ? "secret" : "configMap", source), inRunner);
    }
}
