using System.Text.Json.Nodes;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Golden;

/// <summary>The project's first promise: with the seed's settings the ten-line manifest becomes the seed's.</summary>
public sealed class SeedTests
{
    [Fact]
    public void Injected_MinimalDaemonSet_EqualsTheSeedFieldForField()
    {
        var expected = Read(Path.Combine(RepositoryFiles.Tests, "seed", "daemonset.yaml"));
        var actual = Read(Path.Combine(GoldenCase.Folder, "seed", "output.yaml"));

        // What the team itself declares: the label; and it leaves out the ports and the default restart policy.
        actual["metadata"]!.AsObject().Remove("labels");
        expected["spec"]!["template"]!["spec"]!.AsObject().Remove("restartPolicy");
        expected["spec"]!["template"]!["spec"]!["containers"]![0]!.AsObject().Remove("ports");
        // What the webhook adds beside the pieces.
        actual["spec"]!["template"]!["metadata"]!.AsObject().Remove("annotations");

        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected}\nbut was {actual}");
    }

    private static JsonNode Read(string file) =>
        JsonNode.Parse(YamlFile.Parse(File.ReadAllText(file), out _)!.Documents[0].Json.GetRawText())!;
}
