using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Check;

/// <summary>The credentials that a configuration states literally, which must appear nowhere else.</summary>
/// <param name="Values">The credentials, the longest first.</param>
internal sealed record KnownSecrets(ImmutableArray<string> Values)
{
    // A shorter text would take harmless words with it.
    private const int Shortest = 4;

    private static readonly ImmutableHashSet<string> Names =
    [
        "token", "password", "value",
        .. RegisterOptions.All.Where(option => option.Secret).Select(option => option.Name),
    ];

    // Lists of NAME=VALUE or NAME:VALUE, whose values may be anything.
    private static readonly ImmutableHashSet<string> Lists = ["env", "environment", "extraArgs", "docker-env"];

    /// <summary>The credentials of a configuration; none if it is no YAML.</summary>
    public static KnownSecrets In(string text)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var document in YamlFile.Parse(text, out _)?.Documents ?? [])
        {
            Collect(document.Json, "", found);
        }

        return new([.. found.Where(value => value.Length >= Shortest).OrderByDescending(value => value.Length)]);
    }

    /// <summary>The values of a configuration without them.</summary>
    public JsonNode? Mask(JsonNode? node) => JsonText.WithTexts(node, Mask);

    /// <summary>The text without them.</summary>
    public string Mask(string text) =>
        Values.Aggregate(text, (masked, value) => masked.Replace(value, Redaction.Mark, StringComparison.Ordinal));

    private static void Collect(JsonElement json, string name, HashSet<string> found)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    Collect(member.Value, Lists.Contains(name) ? name : member.Name, found);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    Collect(item, name, found);
                }

                break;
            case JsonValueKind.String when Names.Contains(name):
                found.Add(json.GetString()!);
                break;
            case JsonValueKind.String when Lists.Contains(name):
                var text = json.GetString()!;
                found.Add(text[(text.IndexOfAny(['=', ':']) + 1)..]);
                break;
            default:
                break;
        }
    }
}
