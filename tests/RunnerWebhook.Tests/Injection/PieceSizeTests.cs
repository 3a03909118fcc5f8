using System.Text.Json.Nodes;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>What an injection adds is stored with every template, revision and pod: its size is held down.</summary>
public sealed class PieceSizeTests
{
    [Theory]
    [InlineData("minimal-daemonset", 6000)]
    [InlineData("seed", 1536)]
    public void Injection_OfAManifest_AddsNoMoreBytesThan(string name, int limit)
    {
        var folder = Path.Combine(RepositoryFiles.Tests, "golden", name);
        var (before, after) = (Bytes(Path.Combine(folder, "input.yaml")), Bytes(Path.Combine(folder, "output.yaml")));

        Figures.Add("{0}: the injection adds {1} bytes of JSON", name, after - before);
        Assert.InRange(after - before, 1, limit);
    }

    // Quotes and letters count as one byte each, as an API server stores them.
    private static int Bytes(string file) => System.Text.Encoding.UTF8.GetByteCount(Json(file).ToJsonString(
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    private static JsonNode Json(string file) =>
        JsonNode.Parse(YamlFile.Parse(File.ReadAllText(file), out _)!.Documents[0].Json.GetRawText())!;
}
