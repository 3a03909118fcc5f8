using System.Diagnostics;
using System.Text.Json.Nodes;
using RunnerWebhook.Manifests;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Golden;

/// <summary>The mounts of golden pods, made by a real container runtime: runc, if it is there and may start containers.</summary>
public sealed class StartedMountTests : IDisposable
{
    private const string Proc = """{"destination":"/proc","type":"proc","source":"proc"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("started-mounts").FullName;

    [Theory]
    [InlineData("minimal-daemonset")]
    [InlineData("seed")]
    [InlineData("certificates-below-the-configuration")]
    [InlineData("certificates-elsewhere")]
    [InlineData("certificates-secret")]
    [InlineData("configuration-file-elsewhere")]
    [InlineData("dind-container")]
    [InlineData("dind-native")]
    [InlineData("dind-behind-proxy")]
    [InlineData("own-volumes-are-reused")]
    [InlineData("remote-tls")]
    [InlineData("template")]
    public void Output_EveryContainer_IsCreated(string name)
    {
        Require();
        var file = YamlFile.Parse(File.ReadAllText(new GoldenCase(name).PathOf("output.yaml")), out _)!;
        var workloads = ManifestObject.In(file).Where(item => item.Kind is not null).ToArray();

        Assert.NotEmpty(workloads);
        Assert.All(workloads, item => Assert.Empty(Problems(SpecOf(item))));
    }

    [Fact]
    public void Container_MountBelowAReadOnlyOne_IsNotCreated()
    {
        Require();
        var spec = JsonNode.Parse("""
            {"volumes":[{"name":"a","emptyDir":{}},{"name":"b","secret":{}}],
             "containers":[{"name":"c","volumeMounts":[{"name":"b","mountPath":"/x/b"},{"name":"a","mountPath":"/x","readOnly":true}]}]}
            """)!;

        Assert.Contains("read-only file system", Assert.Single(Problems(spec)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonNode SpecOf(ManifestObject item)
    {
        var at = JsonNode.Parse(item.Json.GetRawText())!;
        return item.Kind!.TemplatePath.Tokens.Aggregate(at, (node, token) => node[token]!)["spec"]!;
    }

    // Skipped with the reason where no container can be started at all.
    private void Require()
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [];
        Assert.SkipUnless(path.Any(folder => File.Exists(Path.Combine(folder, "runc"))), "runc is not on the PATH");
        var problem = Create("empty", []);
        Assert.SkipWhen(problem.Length > 0, $"runc can't start containers here: {problem}");
    }

    // In the order in which kubelet starts them, on the same volumes: what one makes is there for the next.
    private IEnumerable<string> Problems(JsonNode spec)
    {
        var pod = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        var volumes = (spec["volumes"]?.AsArray() ?? []).Where(volume => volume!["name"] is not null)
            .ToDictionary(volume => (string)volume!["name"]!, volume => volume!.AsObject());
        foreach (var container in (spec["initContainers"]?.AsArray() ?? []).Concat(spec["containers"]!.AsArray()))
        {
            // A container runtime sorts mounts by the depth of their places.
            var mounts = (container!["volumeMounts"]?.AsArray() ?? []).Select(mount => mount!.AsObject())
                .OrderBy(mount => ((string)mount["mountPath"]!).TrimEnd('/').Count(c => c == '/'))
                .Select(mount => Bind(pod, volumes.GetValueOrDefault((string)mount["name"]!, []), mount)).ToArray();
            if (Create((string)container["name"]!, mounts) is { Length: > 0 } problem)
            {
                yield return $"container {(string)container["name"]!}: {problem}";
            }
        }
    }

    private static JsonObject Bind(string pod, JsonObject volume, JsonObject mount)
    {
        var isFiles = new[] { "configMap", "secret", "projected", "downwardAPI" }.Any(volume.ContainsKey);
        var source = Path.Combine(pod, (string)mount["name"]!, ((string?)mount["subPath"] ?? "").Trim('/'));
        if (((string)mount["mountPath"]!).EndsWith(".sock", StringComparison.Ordinal)
            || (isFiles && mount["subPath"] is not null))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(source)!);
            File.AppendAllText(source, "");
        }
        else
        {
            Directory.CreateDirectory(source);
        }

        var isReadOnly = isFiles || (bool?)mount["readOnly"] == true;
        return new()
        {
            ["destination"] = ((string)mount["mountPath"]!).TrimEnd('/'),
            ["type"] = "bind",
            ["source"] = source.TrimEnd('/'),
            ["options"] = new JsonArray("rbind", isReadOnly ? "ro" : "rw"),
        };
    }

    // All mounts are made before the program would start, which therefore needs to be none.
    private string Create(string name, JsonObject[] mounts)
    {
        var bundle = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        var root = Directory.CreateDirectory(Path.Combine(bundle, "rootfs")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "run"));
        Directory.CreateDirectory(Path.Combine(root, "var"));
        File.CreateSymbolicLink(Path.Combine(root, "var", "run"), "/run");
        File.WriteAllText(Path.Combine(root, "program"), "");
        File.SetUnixFileMode(Path.Combine(root, "program"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(bundle, "config.json"), Bundle(mounts).ToJsonString());
        var id = $"{name}-{Path.GetFileName(bundle)}";
        var state = Path.Combine(_folder, "state");
        var problem = Run("--root", state, "create", "--bundle", bundle, id);
        Run("--root", state, "delete", "--force", id);
        return problem;
    }

    private static JsonObject Bundle(JsonObject[] mounts)
    {
        var namespaces = new List<string> { "mount", "pid", "ipc", "uts" };
        var linux = new JsonObject();
        if (!Environment.IsPrivilegedProcess)
        {
            namespaces.Add("user");
            foreach (var (kind, option) in new[] { ("uidMappings", "-u"), ("gidMappings", "-g") })
            {
                linux[kind] = new JsonArray(
                    new JsonObject { ["containerID"] = 0, ["hostID"] = int.Parse(Output("id", option)), ["size"] = 1 });
            }
        }

        linux["namespaces"] = new JsonArray([.. namespaces.Select(kind => new JsonObject { ["type"] = kind })]);
        return new()
        {
            ["ociVersion"] = "1.0.2",
            ["process"] = new JsonObject
            {
                ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
                ["args"] = new JsonArray("/program"),
                ["cwd"] = "/",
            },
            ["root"] = new JsonObject { ["path"] = "rootfs" },
            ["mounts"] = new JsonArray([JsonNode.Parse(Proc), .. mounts]),
            ["linux"] = linux,
        };
    }

    // The container keeps runc's output open, so that it goes into a file.
    private string Run(params string[] arguments)
    {
        var log = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        using var process = Process.Start("runc", ["--log", log, .. arguments]);
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : File.Exists(log) ? File.ReadAllText(log) : $"exit code {process.ExitCode}";
    }

    private static string Output(string program, string option)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [option]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Trim();
    }
}
