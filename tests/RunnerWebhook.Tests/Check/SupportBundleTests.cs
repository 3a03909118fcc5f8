using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Xunit;

namespace RunnerWebhook.Tests.Check;

/// <summary><c>support-bundle</c>: complete, and without a secret from wherever.</summary>
public sealed class SupportBundleTests : IDisposable
{
    private const string Planted = "PLANTED";

    private readonly string _archive = Path.Combine(Path.GetTempPath(), $"support-{Guid.NewGuid():N}.tar.gz");

    [Fact]
    public async Task Bundle_OfACluster_HoldsWhatAReportNeeds()
    {
        await using var cluster = await HealthyCluster.Start();
        cluster.Texts["runner-webhook-1/runner-webhook"] = "info: serving on 8443\n";

        var files = await Bundle(cluster);

        Assert.Superset(new HashSet<string>
        {
            "program.txt", "check.txt", "check.json", "version.yaml", "configuration.yaml", "webhook-configuration.yaml", "deployment.yaml",
            "namespace.yaml", "endpoint-slices.yaml", "events.yaml", "pods.yaml", "pods/runner-webhook-1/log.txt", "pods/runner-webhook-1/readyz.txt",
        }, files.Keys.ToHashSet());
        Assert.Contains("info: serving on 8443", files["pods/runner-webhook-1/log.txt"]);
        Assert.Contains("failurePolicy: Fail", files["webhook-configuration.yaml"]);
        Assert.Contains("https://gitlab.example.com/", files["configuration.yaml"]);
        Assert.Contains("v1.34.1", files["version.yaml"]);
        Assert.Contains("✓ api", files["check.txt"]);
    }

    [Fact]
    public async Task Bundle_OfAClusterFullOfSecrets_HoldsNone()
    {
        await using var cluster = await HealthyCluster.Start();
        Plant(cluster);

        var files = await Bundle(cluster);

        Assert.All(files, file => Assert.DoesNotContain(Planted, file.Value, StringComparison.OrdinalIgnoreCase));
        Assert.All(files, file => Assert.DoesNotContain("s3cr3t", file.Value));
        Assert.Contains("***", files["configuration.yaml"]);
        Assert.Contains("***", files["pods/runner-webhook-1/log.txt"]);
        Assert.Contains("harmless", files["pods/runner-webhook-1/log.txt"]);
        Assert.Contains("***", files["deployment.yaml"]);
    }

    [Theory]
    [InlineData("profiles: [\n# PLANTED-comment\ntoken: PLANTED")]
    [InlineData("# PLANTED in a comment\napiVersion: runner-webhook/v1\nkind: Configuration\nprofiles: {default: {token: {value: \"\\x50LANTED-escaped\"}}}\n")]
    public async Task Bundle_OfAConfigurationThatHidesASecret_HoldsNone(string configuration)
    {
        await using var cluster = await HealthyCluster.Start();
        cluster.Put(HealthyCluster.ConfigMap, new JsonObject { ["data"] = new JsonObject { ["config.yaml"] = configuration } });

        Assert.All(await Bundle(cluster), file => Assert.DoesNotContain(Planted, file.Value));
    }

    [Fact]
    public async Task Bundle_WithoutRights_SaysWhatIsMissing()
    {
        await using var cluster = await HealthyCluster.Start();
        cluster.Forbidden.UnionWith(["/configmaps/", "/log", "/proxy"]);

        var files = await Bundle(cluster);

        Assert.Contains("the right to get configmaps/runner-webhook", files["configuration.error.txt"]);
        Assert.Contains("the right to get pods/log", files["pods/runner-webhook-1/log.txt"]);
    }

    public void Dispose() => File.Delete(_archive);

    private static void Plant(FakeCluster cluster)
    {
        cluster.Put(HealthyCluster.ConfigMap, new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["config.yaml"] = """
                    apiVersion: runner-webhook/v1
                    kind: Configuration
                    profiles:
                      default:
                        register: {url: "https://gitlab.example.com/", env: ["AWS_KEY=PLANTED-env", "A=b"]}
                        extraArgs: ["--template-token=PLANTED-argument"]
                        token: {value: PLANTED-token}   # PLANTED-comment
                    """,
            },
        });
        var deployment = cluster.Get(HealthyCluster.Deployment);
        deployment["metadata"]!["annotations"] = new JsonObject
        {
            ["kubectl.kubernetes.io/last-applied-configuration"] = "{\"x\":\"PLANTED-applied\"}",
            ["vault.example.com/password"] = "PLANTED-annotation",
        };
        deployment["metadata"]!["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "PLANTED-manager" });
        var container = deployment["spec"]!["template"]!["spec"]!["containers"]![0]!;
        container["env"] = new JsonArray(new JsonObject { ["name"] = "HTTPS_PROXY", ["value"] = "http://u:PLANTED@proxy" });
        container["args"] = new JsonArray("serve", "--token=PLANTED-args", "--proxy=https://me:PLANTED-userinfo@proxy.example.com/");
        cluster.Get("api/v1/namespaces/runner-webhook/pods/runner-webhook-1")["metadata"]!["annotations"] =
            new JsonObject { ["example.com/x"] = "PLANTED-pod" };
        cluster.Texts["runner-webhook-1/runner-webhook"] = "harmless\nAuthorization: Bearer PLANTED-bearer\nPRIVATE-TOKEN: PLANTED-header\n"
            + "said PLANTED-token and PLANTED-env\nglrt-PLANTED12345 gldt-PLANTED\npassword = \"PLANTED-password\" registrationToken: PLANTED-camel\n"
            + "-----BEGIN EC PRIVATE KEY-----\nPLANTED\n-----END EC PRIVATE KEY-----\nhttps://user:PLANTED@gitlab.example.com/\n";
        cluster.Texts["runner-webhook-1"] = "[-]configuration: token=PLANTED-readyz\n";
        HealthyCluster.Event(cluster, "Failed", "could not use token: PLANTED-event", "runner-webhook-1", "runner-webhook");
        cluster.Put("api/v1/namespaces/runner-webhook/secrets/runner-webhook-tls", """{"data":{"tls.key":"PLANTED","tls.crt":""}}""");
        cluster.Put(HealthyCluster.Secret, """{"data":{"token":"PLANTED"}}""");
        HealthyCluster.Crash(cluster, "ERROR: Registering runner... forbidden runner=PLANTED1 token=PLANTED2\n");
    }

    private async Task<Dictionary<string, string>> Bundle(FakeCluster cluster)
    {
        var run = await cluster.Run("support-bundle", "--out", _archive);
        Assert.Equal((0, _archive + "\n"), (run.ExitCode, run.Output));
        await using var zip = new GZipStream(File.OpenRead(_archive), CompressionMode.Decompress);
        await using var tar = new TarReader(zip);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
        {
            using var reader = new StreamReader(entry.DataStream ?? Stream.Null);
            files[entry.Name["runner-webhook-support/".Length..]] = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }

        return files;
    }
}
