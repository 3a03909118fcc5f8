using System.Text.Json;

namespace RunnerWebhook.Yaml;

/// <summary>Writes JSON as YAML.</summary>
internal static class YamlWriter
{
    /// <summary>The value in block style, with a line break at the end.</summary>
    public static string Write(JsonElement json) => new BlockText(new YamlStyle()).Document(json) + "\n";
}
