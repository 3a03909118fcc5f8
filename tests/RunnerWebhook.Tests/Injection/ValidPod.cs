using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Golden;

namespace RunnerWebhook.Tests.Injection;

/// <summary>What an API server and a container runtime ask of a pod: no name twice, no mount without volume or place.</summary>
internal static class ValidPod
{
    public static void Assert(JsonObject spec)
    {
        var volumes = Texts(spec["volumes"], "name");
        Xunit.Assert.Equal(volumes.Distinct(), volumes);
        var containers = (spec["initContainers"]?.AsArray() ?? []).Concat(spec["containers"]!.AsArray()).ToArray();
        Xunit.Assert.NotEmpty(spec["containers"]!.AsArray());
        Xunit.Assert.Equal(containers.Select(container => (string)container!["name"]!).Distinct().Count(), containers.Length);
        foreach (var container in containers)
        {
            Xunit.Assert.All(Texts(container!["volumeMounts"], "name"), name => Xunit.Assert.Contains(name, volumes));
            foreach (var (list, key) in new[] { ("env", "name"), ("volumeMounts", "mountPath") })
            {
                var keys = Texts(container[list], key);
                Xunit.Assert.Equal(keys.Distinct(), keys);
            }
        }

        Xunit.Assert.Empty(MountPointTests.Missing(spec));
    }

    private static string[] Texts(JsonNode? list, string key) =>
        [.. (list?.AsArray() ?? []).Select(element => (string)element![key]!)];
}
