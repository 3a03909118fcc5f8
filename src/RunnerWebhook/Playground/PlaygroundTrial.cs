using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Playground;

/// <summary>One try of a manifest with a configuration: what <c>inject</c> and <c>explain</c> would print, as one JSON object for
/// the page.</summary>
internal static class PlaygroundTrial
{
    /// <summary>How messages name the two texts.</summary>
    public const string ConfigurationName = "configuration";

    /// <inheritdoc cref="ConfigurationName"/>
    public const string ManifestName = "manifest";

    // In place of a token that the configuration states, so that a screenshot does not show it.
    private const string HiddenToken = "(token)";

    /// <summary>Tries.</summary>
    /// <param name="manifest">The manifests, YAML or JSON.</param>
    /// <param name="configuration">The configuration; empty for the built-in one.</param>
    public static JsonObject Run(string manifest, string configuration)
    {
        if (Read(configuration, out var mistakes) is not { } settings)
        {
            return Answer(mistakes, [], null);
        }

        var source = new ManifestSource(ManifestName, manifest);
        var injector = new Injector(settings, ProgramVersion.Text);
        var namespaces = NamespaceManifests.In([source], settings);
        var result = ManifestEditor.Inject(source, injector, namespaces);
        var explained = ManifestEditor.Explain(source, injector, namespaces, out _)?.ToArray() ?? [];
        var misplaced = result.Unanswered.Select(item => Problem(
            item.Object.Line, $"not injected: {item.Object.DisplayName}: {item.Label.Problem}"));
        return Answer(
            [.. result.Errors.Concat(result.Notes).Select(Parsed), .. misplaced],
            [.. explained.Select(item => Explained(item.Object, item.Explanation))],
            result.HasFailed ? null : Lines(manifest, result.Text!));
    }

    private static RunnerConfiguration? Read(string configuration, out JsonObject[] mistakes)
    {
        mistakes = [];
        if (string.IsNullOrWhiteSpace(configuration))
        {
            return RunnerConfiguration.BuiltIn;
        }

        var parsed = ConfigurationFile.Parse(Encoding.UTF8.GetBytes(configuration));
        mistakes = [.. parsed.Mistakes.Select(mistake => new JsonObject
        {
            ["source"] = ConfigurationName,
            ["line"] = mistake.Line,
            ["message"] = mistake.Field.Length > 0 ? $"{mistake.Field}: {mistake.Problem}" : mistake.Problem,
        })];
        return parsed.Configuration is not { } read ? null : read with
        {
            Profiles = read.Profiles.ToImmutableDictionary(profile => profile.Key, profile => WithoutToken(profile.Value)),
        };
    }

    private static RunnerProfile WithoutToken(RunnerProfile profile) =>
        profile.Token.Value is null ? profile : profile with { Token = profile.Token with { Value = HiddenToken } };

    private static JsonObject Answer(JsonObject[] problems, JsonObject[] objects, JsonArray? lines) => new()
    {
        ["problems"] = new JsonArray([.. problems]),
        ["objects"] = new JsonArray([.. objects]),
        ["lines"] = lines,
    };

    private static JsonObject Problem(int line, string message) =>
        new() { ["source"] = ManifestName, ["line"] = line, ["message"] = OneLine.Of(message) };

    // Messages of files begin with NAME:LINE:COLUMN.
    private static JsonObject Parsed(string text)
    {
        var parts = text.Split(':', 4);
        return parts.Length == 4 && int.TryParse(parts[1], out var line) ? Problem(line, parts[3].Trim()) : Problem(1, text);
    }

    private static JsonObject Explained(ManifestObject item, Explanation explanation) => new()
    {
        ["object"] = item.DisplayName,
        ["line"] = item.Line,
        ["outcome"] = explanation.Outcome.Code.Text(),
        ["denied"] = explanation.Outcome.IsDenied,
        ["sentence"] = explanation.Outcome.Sentence,
        ["advice"] = JsonText.Array(explanation.Outcome.Advice),
        ["gates"] = ExplanationJson.Gates(explanation),
        ["settings"] = new JsonArray([.. (explanation.Settings?.All() ?? []).Select(setting => (JsonNode)new JsonObject
        {
            ["field"] = setting.Field,
            ["value"] = Shown(setting.Value),
            ["origin"] = setting.Origin.ToString(),
        })]),
    };

    private static string Shown(JsonNode? value) => value switch
    {
        null => "null",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    private static JsonArray Lines(string before, string after) =>
        new([.. InlineDiffBuilder.Diff(before, after, ignoreWhiteSpace: false).Lines.Select(line => (JsonNode)new JsonObject
        {
            ["text"] = line.Text,
            ["change"] = line.Type switch
            {
                ChangeType.Inserted => "added",
                ChangeType.Deleted => "removed",
                _ => "",
            },
        })]);
}
