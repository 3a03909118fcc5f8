using System.Text.Json.Nodes;
using RunnerWebhook.Manifests;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Golden;

/// <summary>A container runtime makes the place of a mount where it is missing, which it can't below a mount that is read-only:
/// such a container never starts.</summary>
public sealed class MountPointTests
{
    private static readonly string[] FileSources = ["configMap", "secret", "projected", "downwardAPI", "image"];

    [Theory]
    [MemberData(nameof(GoldenCase.Accepted), MemberType = typeof(GoldenCase))]
    public void Output_EveryMount_HasAPlace(GoldenCase golden)
    {
        var file = YamlFile.Parse(File.ReadAllText(golden.PathOf("output.yaml")), out _)!;
        foreach (var item in ManifestObject.In(file).Where(item => item.Kind is not null))
        {
            var at = JsonNode.Parse(item.Json.GetRawText())!;
            foreach (var token in item.Kind!.TemplatePath.Tokens)
            {
                at = at[token]!;
            }

            Assert.Empty(Missing(at["spec"]!).Select(problem => $"{item.DisplayName}: {problem}"));
        }
    }

    [Fact]
    public void Missing_MountBelowAReadOnlyOne_IsFound()
    {
        var spec = JsonNode.Parse("""
            {"volumes":[{"name":"a","emptyDir":{}},{"name":"b","secret":{}}],
             "containers":[{"name":"c","volumeMounts":[{"name":"b","mountPath":"/x/b"},{"name":"a","mountPath":"/x","readOnly":true}]}]}
            """)!;
        Assert.Equal(["container c: nothing makes /x/b in volume a"], Missing(spec));
    }

    /// <summary>The mounts whose place nothing makes, in the order in which containers start.</summary>
    internal static IEnumerable<string> Missing(JsonNode spec)
    {
        var sources = (spec["volumes"]?.AsArray() ?? []).Where(volume => volume!["name"] is not null)
            .ToDictionary(volume => (string)volume!["name"]!, volume => volume!.AsObject());
        var made = new HashSet<(string Volume, string Path)>();
        foreach (var container in (spec["initContainers"]?.AsArray() ?? []).Concat(spec["containers"]!.AsArray()))
        {
            var mounts = (container!["volumeMounts"]?.AsArray() ?? [])
                .OrderBy(mount => Path(mount!).Count(c => c == '/')).ToArray();
            foreach (var mount in mounts)
            {
                var outer = mounts.Where(other => Path(mount!).StartsWith(Path(other!) + "/", StringComparison.Ordinal))
                    .MaxBy(other => Path(other!).Length);
                if (outer is null || !sources.TryGetValue((string)outer["name"]!, out var source) || source.ContainsKey("hostPath"))
                {
                    continue;
                }

                var place = ((string)outer["name"]!, (string?)outer["subPath"] + Path(mount!)[Path(outer).Length..]);
                var isReadOnly = (bool?)outer["readOnly"] == true || FileSources.Any(source.ContainsKey);
                if (!isReadOnly)
                {
                    made.Add(place);
                }
                else if (!made.Contains(place))
                {
                    yield return $"container {(string)container["name"]!}: nothing makes {Path(mount!)} in volume {place.Item1}";
                }
            }
        }
    }

    private static string Path(JsonNode mount) => ((string)mount["mountPath"]!).TrimEnd('/');
}
