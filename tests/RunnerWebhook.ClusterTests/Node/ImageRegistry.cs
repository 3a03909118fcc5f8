using System.Net;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.FakeGitLab;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>A container registry that trusts a GitLab's tokens, as GitLab's own does.</summary>
internal sealed class ImageRegistry : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ChildProcess _process;

    private ImageRegistry(string folder, ChildProcess process) => (_folder, _process) = (folder, process);

    /// <summary>Starts one.</summary>
    /// <param name="folder">A new folder for all that it keeps.</param>
    /// <param name="address">Host and port to listen on.</param>
    /// <param name="gitLab">The GitLab.</param>
    public static async Task<ImageRegistry> Start(string folder, string address, GitLabServer gitLab)
    {
        Directory.CreateDirectory(folder);
        var (config, certificate) = (Path.Combine(folder, "config.yml"), Path.Combine(folder, "tokens.crt"));
        await File.WriteAllTextAsync(certificate, gitLab.RegistryCertificate);
        await File.WriteAllTextAsync(config, $"""
            version: 0.1
            log:
              level: warn
            storage:
              filesystem:
                rootdirectory: {Path.Combine(folder, "images")}
            http:
              addr: {address}
            auth:
              token:
                realm: {new Uri(gitLab.Url, "/jwt/auth")}
                service: {RegistryTokens.Service}
                issuer: {RegistryTokens.Issuer}
                rootcertbundle: {certificate}
            """);
        var registry = new ImageRegistry(folder,
            ChildProcess.Start(Path.Combine(folder, "registry.log"), "docker-registry", "serve", config));
        // Without a token it refuses, and says where to get one.
        await Cluster.Until("the registry", async () => registry._process.HasExited
            ? throw new InvalidOperationException(registry._process.Tail())
            : await StatusOf($"http://{address}/v2/") == HttpStatusCode.Unauthorized);
        return registry;
    }

    /// <summary>The image that a tag of a repository names, as its manifest; null if there is none.</summary>
    public JsonNode? Manifest(string repository, string tag)
    {
        var images = Path.Combine(_folder, "images", "docker", "registry", "v2");
        var link = Path.Combine(images, "repositories", repository, "_manifests", "tags", tag, "current", "link");
        if (!File.Exists(link))
        {
            return null;
        }

        var digest = File.ReadAllText(link).Trim()["sha256:".Length..];
        return JsonNode.Parse(File.ReadAllText(Path.Combine(images, "blobs", "sha256", digest[..2], digest, "data")));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<HttpStatusCode?> StatusOf(string url)
    {
        using var client = new HttpClient();
        try
        {
            using var answer = await client.GetAsync(new Uri(url));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
