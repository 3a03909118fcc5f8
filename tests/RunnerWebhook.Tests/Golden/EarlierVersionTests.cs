using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests.Injection;
using RunnerWebhook.Tests.Oracle;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Golden;

/// <summary>DaemonSets as version 0.1.0 stored them: <c>tests/corpus/stored-0.1.0</c>, by the golden case of their manifest.
/// After an upgrade nothing rolls by itself, and what was injected then can be brought up to date and removed.</summary>
public sealed class EarlierVersionTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Tests, "corpus", "stored-0.1.0");

    public static IEnumerable<TheoryDataRow<GoldenCase>> Cases() =>
        Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal)
            .Select(file => new TheoryDataRow<GoldenCase>(new(Path.GetFileNameWithoutExtension(file))));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Update_OfMetadata_ChangesNothing(GoldenCase golden)
    {
        foreach (var stored in new[] { Stored(golden), InjectorScenario.Stored(Stored(golden)) })
        {
            var labelled = Changed(stored, json => json["metadata"]!["labels"]!["team"] = "b");

            var outcome = InjectorOf(golden).Update(InjectorScenario.Read(labelled), InjectorScenario.Read(stored));

            Assert.Equal((OutcomeCode.AlreadyInjected, 0), (outcome.Code, outcome.Patch.Length));
            Assert.Empty(outcome.Advice);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Create_OfAPodOfItsTemplate_ChangesNothing(GoldenCase golden)
    {
        var template = Stored(golden)["spec"]!["template"]!;
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = Changed(template["metadata"]!.AsObject(), json =>
            {
                json["generateName"] = "runner-";
                json["labels"]!["gitlab-runner"] = "inject";
            }),
            ["spec"] = template["spec"]!.DeepClone(),
        };

        var outcome = InjectorOf(golden).Inject(InjectorScenario.Read(pod));

        Assert.Equal((OutcomeCode.AlreadyInjected, 0), (outcome.Code, outcome.Patch.Length));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Update_ByTheManifestAlone_PutsBackWhatIsStored(GoldenCase golden)
    {
        var (manifest, stored) = (Manifest(golden), Stored(golden));

        var outcome = InjectorOf(golden).Update(InjectorScenario.Read(manifest), InjectorScenario.Read(stored));

        AssertSame(stored["spec"]!, Apply(manifest, outcome)["spec"]!);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Update_OfTheTemplate_BringsWhatAFreshInjectionBrings(GoldenCase golden)
    {
        var injector = InjectorOf(golden);
        var (manifest, stored, edited) = (Changed(Manifest(golden), Release), Stored(golden), Changed(Stored(golden), Release));
        var fresh = Apply(manifest, injector.Inject(InjectorScenario.Read(manifest)));

        var outcome = injector.Update(InjectorScenario.Read(edited), InjectorScenario.Read(stored));

        AssertSame(fresh["spec"]!, Apply(edited, outcome)["spec"]!);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Remove_Label_GivesTheManifestBack(GoldenCase golden)
    {
        var stored = Stored(golden);

        var outcome = Injector.Remove(InjectorScenario.Read(stored));

        Assert.Equal(OutcomeCode.Removed, outcome.Code);
        Assert.Empty(outcome.Advice);
        AssertSame(Manifest(golden)["spec"]!, Apply(stored, outcome)["spec"]!);
    }

    [Fact]
    public void Hook_ThatIsNot010s_IsTheUsers()
    {
        var stored = Stored(new("minimal-daemonset"));
        var runner = stored["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var mine = JsonNode.Parse("""{"preStop":{"exec":{"command":["/bin/sh","-c","mine"]}}}""")!;
        var annotations = stored["spec"]!["template"]!["metadata"]!["annotations"]!;
        annotations["gitlab-runner/status"] = ((string)annotations["gitlab-runner/status"]!).Replace(
            PieceDigest.Of(runner["lifecycle"]!), PieceDigest.Of(mine), StringComparison.Ordinal);
        runner["lifecycle"] = mine;

        var removed = Apply(stored, Injector.Remove(InjectorScenario.Read(stored)));

        AssertSame(mine, removed["spec"]!["template"]!["spec"]!["containers"]![0]!["lifecycle"]!);
    }

    private static void Release(JsonObject json)
    {
        var runner = json["spec"]!["template"]!["spec"]!["containers"]!.AsArray().First(
            container => ((string)container!["image"]!).StartsWith("gitlab/", StringComparison.Ordinal));
        runner!["image"] = "gitlab/gitlab-runner:v17.6.0";
    }

    private static JsonObject Changed(JsonObject json, Action<JsonObject> change)
    {
        var changed = json.DeepClone().AsObject();
        change(changed);
        return changed;
    }

    private static Injector InjectorOf(GoldenCase golden) =>
        new(ConfigurationFile.Read(File.ReadAllText(golden.Config), "config.yaml", out _)!, "1.2.3");

    private static JsonObject Manifest(GoldenCase golden) => Read(golden.Input);

    private static JsonObject Stored(GoldenCase golden) => Read(Path.Combine(Folder, golden.Name + ".yaml"));

    private static JsonObject Read(string file) =>
        JsonNode.Parse(YamlFile.Parse(File.ReadAllText(file), out _)!.Documents[0].Json.GetRawText())!.AsObject();

    private static JsonObject Apply(JsonObject json, InjectionOutcome outcome) => AppliedPatch.Of(
        json.ToJsonString(), System.Text.Encoding.UTF8.GetString(PatchWriter.Write(outcome.Patch))).AsObject();

    private static void AssertSame(JsonNode expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{expected}\n---\n{actual}");
}
