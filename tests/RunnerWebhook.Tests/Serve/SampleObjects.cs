using System.Text.Json.Nodes;

namespace RunnerWebhook.Tests.Serve;

/// <summary>Small labelled objects.</summary>
internal static class SampleObjects
{
    public static JsonObject Pod() => JsonNode.Parse("""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"runner","namespace":"team-a","labels":{"gitlab-runner":"inject"}},
         "spec":{"containers":[{"name":"gitlab-runner","image":"gitlab/gitlab-runner:v17.5.0"}]}}
        """)!.AsObject();

    public static JsonObject DaemonSet() => JsonNode.Parse("""
        {"apiVersion":"apps/v1","kind":"DaemonSet",
         "metadata":{"name":"runner","namespace":"team-a","labels":{"gitlab-runner":"inject"}},
         "spec":{"selector":{"matchLabels":{"name":"runner"}},"template":{"metadata":{"creationTimestamp":null,"labels":{"name":"runner"}},
          "spec":{"containers":[{"name":"gitlab-runner","image":"gitlab/gitlab-runner:v17.5.0"}]}}}}
        """)!.AsObject();

    public static string ConfigFile { get; } = Path.Combine(RepositoryFiles.Tests, "golden", "config.yaml");
}
