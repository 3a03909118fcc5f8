using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Json.Schema;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Tests.Cli;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Configuration;

/// <summary>The published schema says what the reader takes, as an independent validator reads it.</summary>
public sealed class ConfigurationSchemaTests
{
    private const string Unknown = "zzz";

    private static readonly string Published = Path.Combine(RepositoryFiles.Root, "src", "docs", "configuration.schema.json");

    private static readonly JsonObject Schema = SettingsReference.Schema();

    private static readonly JsonSchema Validator = JsonSchema.FromText(Schema.ToJsonString());

    /// <summary>Bad configurations that only the reader can tell: what belongs together, and what values mean.</summary>
    private static readonly string[] ForTheReaderOnly =
        ["global-without-guard", "policy-names-no-profile", "policy-selector-without-watching", "two-volumes-of-one-name"];

    public static IEnumerable<TheoryDataRow<string>> ValidFiles() => Directory
        .GetFiles(Path.Combine(RepositoryFiles.Tests, "golden"), "config.yaml", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(file => new TheoryDataRow<string>(file));

    [Fact]
    public async Task Published_File_IsWhatTheCommandPrints()
    {
        var run = await CommandRun.Of("config", "schema");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.True(await File.ReadAllTextAsync(Published, TestContext.Current.CancellationToken) == run.Output,
            "src/docs/configuration.schema.json is stale: run ./dev docs");
    }

    [Fact]
    public void Schema_Itself_IsValid() =>
        Assert.True(MetaSchemas.Draft202012.Evaluate(Element(Schema)).IsValid);

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public void Schema_ValidFile_AcceptsIt(string file) => Assert.True(Accepts(Json(File.ReadAllText(file))));

    [Fact]
    public void Schema_EveryKeyStated_AcceptsIt()
    {
        Assert.True(ReaderAccepts(Everything()), string.Join('\n', Mistakes(Everything())));
        Assert.True(Accepts(Everything()));
    }

    [Fact]
    public void Schema_BadCorpus_RefusesWhatIsReadableButForTheReaderOnly()
    {
        var accepted = ConfigurationCorpus.Files.Where(file => TryJson(File.ReadAllBytes(file)) is { } json && Accepts(json))
            .Select(file => Path.GetFileNameWithoutExtension(file)!);

        Assert.Equal(ForTheReaderOnly, accepted);
    }

    [Fact]
    public void Keys_OfEveryMapping_AreThoseThatTheReaderKnows()
    {
        var mappings = Mappings().ToArray();
        Assert.True(mappings.Length > 15);
        foreach (var (path, properties, wrap) in mappings.Where(mapping => !mapping.Path.EndsWith(".register.", StringComparison.Ordinal)
            && !mapping.Path.EndsWith(".require.", StringComparison.Ordinal)))
        {
            var mistake = Mistakes(wrap(new JsonObject { [Unknown] = 1 })).Single(
                text => text.Contains($"{path}{Unknown}: unknown key", StringComparison.Ordinal));
            Assert.Equal(
                mistake.Split("known here: ")[1].Split(", ").Order(StringComparer.Ordinal),
                properties.Select(property => property.Key).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Keys_OfRegister_AreTheOptions() => Assert.Equal(
        RegisterOptions.All.Select(option => option.Name),
        Schema["$defs"]!["register"]!["properties"]!.AsObject().Select(property => property.Key));

    [Fact]
    public void Keys_All_AreDescribed()
    {
        foreach (var (_, properties, _) in Mappings())
        {
            Assert.All(properties, property => Assert.True(
                property.Value!["const"] is not null || ((string?)property.Value["description"])?.Length > 5, property.Key));
        }
    }

    [Fact]
    public void Values_OfTheWrongShape_AreRefusedByBoth()
    {
        foreach (var (path, properties, wrap) in Mappings())
        {
            foreach (var name in properties.Select(property => property.Key))
            {
                var document = wrap(new JsonObject { [name] = new JsonArray(new JsonArray(1)) });
                Assert.Contains(Mistakes(document), mistake => mistake.Contains($"{path}{name}", StringComparison.Ordinal));
                Assert.False(Accepts(document), path + name);
            }
        }
    }

    [Fact]
    public void Defaults_Stated_ChangeNothing()
    {
        var count = 0;
        foreach (var (path, properties, wrap) in Mappings().Where(mapping => mapping.Path.StartsWith("profiles.default.", StringComparison.Ordinal)
            && mapping.Path is not ("profiles.default.template." or "profiles.default.certificates.")))
        {
            foreach (var (name, property) in properties.Where(property => property.Value!.AsObject().ContainsKey("default")))
            {
                var document = wrap(new JsonObject { [name] = property!["default"]!.DeepClone() });
                Assert.Empty(Mistakes(document));
                Assert.True(Accepts(document));
                Assert.Equal(ConfigurationWriter.Revision(RunnerConfiguration.BuiltIn.Default), ConfigurationWriter.Revision(Read(document)!.Default));
                count++;
            }
        }

        Assert.True(count > 10);
    }

    [Fact]
    public void Values_AnyChange_TheReaderAcceptsNoMoreThanTheSchema() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, Replacements.Length - 1]).Sample((place, index) =>
        {
            var document = Everything();
            var places = Places(document).ToArray();
            places[place % places.Length](Replacements[index]?.DeepClone());

            Assert.True(Accepts(document) || !ReaderAccepts(document), document.ToJsonString());
        }, iter: 800);

    private static readonly JsonNode?[] Replacements =
    [
        null, true, 0, 1, -1, 700_000, 1.5, "", "x", "-", "a b", "*", "5m", "1Gi", "true", "2", "/a", "a,b", "A=b", "https://a/",
        new JsonArray(), new JsonArray("a"), new JsonArray(1, true), new JsonArray(new JsonArray(1)), new JsonArray("a", null),
        new JsonObject(), new JsonObject { ["a"] = 1 }, new JsonObject { ["a"] = "b" }, "{\"a\":\"b\"}",
    ];

    /// <summary>Every mapping of the schema: its path with a dot behind it, its properties, and a document with a given
    /// mapping in its place.</summary>
    private static IEnumerable<(string Path, JsonObject Properties, Func<JsonNode, JsonObject> Wrap)> Mappings() =>
        Mappings(Schema, "", node =>
        {
            var root = node.AsObject();
            root.TryAdd("apiVersion", RunnerConfiguration.ApiVersion);
            root.TryAdd("kind", RunnerConfiguration.Kind);
            return root;
        });

    private static IEnumerable<(string Path, JsonObject Properties, Func<JsonNode, JsonObject> Wrap)> Mappings(
        JsonNode schema, string path, Func<JsonNode, JsonObject> wrap)
    {
        var target = (string?)schema["$ref"] is { } reference ? Schema["$defs"]![reference.Split('/')[^1]]! : schema;
        if (target["properties"] is JsonObject properties)
        {
            yield return (path, properties, wrap);
            foreach (var (name, property) in properties)
            {
                foreach (var inner in Mappings(property!, path + name + ".", node => wrap(new JsonObject { [name] = node })))
                {
                    yield return inner;
                }
            }
        }

        if (target["items"] is JsonObject items)
        {
            foreach (var inner in Mappings(items, path.TrimEnd('.') + "[0].", node => wrap(new JsonArray(node))))
            {
                yield return inner;
            }
        }

        if (target["additionalProperties"] is JsonObject values)
        {
            foreach (var inner in Mappings(values, path + "default.", node => wrap(new JsonObject { ["default"] = node })))
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<Action<JsonNode?>> Places(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map.ToArray())
            {
                yield return replacement => map[name] = replacement;
                foreach (var place in Places(value))
                {
                    yield return place;
                }
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var (index, value) in list.ToArray().Index())
            {
                yield return replacement => list[index] = replacement;
                foreach (var place in Places(value))
                {
                    yield return place;
                }
            }
        }
    }

    private static JsonObject Everything() => JsonNode.Parse(Json(File.ReadAllText(
        Path.Combine(RepositoryFiles.Tests, "corpus", "everything.yaml"))).ToJsonString())!.AsObject();

    private static bool Accepts(JsonNode document) => Validator.Evaluate(Element(document)).IsValid;

    private static bool ReaderAccepts(JsonNode document) => Read(document) is not null;

    private static RunnerConfiguration? Read(JsonNode document) => ConfigurationFile.Read(document.ToJsonString(), "", out _);

    private static string[] Mistakes(JsonNode document)
    {
        ConfigurationFile.Read(document.ToJsonString(), "config.json", out var mistakes);
        return [.. mistakes];
    }

    private static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString());

    private static JsonNode Json(string yaml) =>
        JsonNode.Parse(YamlFile.Parse(yaml, out _)!.Documents[0].Json.GetRawText())!;

    private static JsonNode? TryJson(byte[] content) =>
        ConfigurationFile.Parse(content).Document is { } document ? JsonNode.Parse(document.Json.GetRawText()) : null;
}
