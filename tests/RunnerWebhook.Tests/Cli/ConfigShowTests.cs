using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Configuration;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

public sealed class ConfigShowTests : IDisposable
{
    private const string Configuration = ConfigurationCorpus.Head + """
        watchNamespaces: true
        profiles:
          default:
            register:
              url: https://gitlab.example.com/
              docker-image: docker:27
              docker-sysctls: {net.core.somaxconn: "1024"}
              limit: 2
          large:
            register: {url: https://gitlab.example.com/, docker-image: docker:27}
        policy:
          - namespaces: [team-*]
            namespaceSelector: {matchLabels: {size: large}}
            profile: large
            register: {tag-list: [a, b]}
            allow: {annotations: [description], dockerImages: ["docker:*"]}
          - namespaces: [team-*, trial]
            mode: warn
            allow: {engines: [none]}
          - namespaces: [closed]
            allow: {engines: [none], urls: []}

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("show").FullName;

    [Fact]
    public async Task Show_OfANamespaceByItsLabels_TellsTheRuleAndEveryOrigin()
    {
        var run = await InNamespace("team-a", """
            apiVersion: v1
            kind: Namespace
            metadata: {name: team-a, labels: {size: large}, annotations: {gitlab-runner/description: Ours}}
            """, "-o", "json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var shown = JsonNode.Parse(run.Output)!;
        var rule = Assert.Single(shown["rules"]!.AsArray())!;
        Assert.Equal((0, 14), ((int)rule["index"]!, (int)rule["line"]!));
        Assert.Equal("""{"annotations":["description"],"namespaceAnnotations":null,"engines":null,"dockerImages":["docker:*"],"runnerImages":null,"urls":null,"hostPaths":null,"runtimeClasses":null,"privileged":true}""",
            rule["allow"]!.ToJsonString());
        var profile = Assert.Single(shown["profiles"]!.AsArray())!;
        Assert.Equal("large", (string)profile["name"]!);
        Assert.Equal(("large", "namespaceRule", "policy[0] (line 14)"), Setting(profile, "profile"));
        Assert.Equal(("""["a","b"]""", "namespaceRule", "policy[0] (line 14)"), Setting(profile, "register.tag-list"));
        Assert.Equal(("Ours", "namespace", "annotation gitlab-runner/description"), Setting(profile, "register.description"));
        Assert.Equal(("docker:27", "profile", "profiles.large.register.docker-image (line 12)"), Setting(profile, "register.docker-image"));
        Assert.Equal(("auto", "builtIn", ""), Setting(profile, "token.mode"));
        Assert.Equal("3600", Setting(profile, "lifecycle.gracePeriodSeconds").Value);
    }

    [Fact]
    public async Task Show_Profile_IsShownAlone()
    {
        var run = await CommandRun.WithInput(Configuration, "config", "show", "--config", "-", "--profile", "default", "-o", "json");

        var shown = JsonNode.Parse(run.Output)!;
        Assert.Null(shown["rules"]);
        var profile = Assert.Single(shown["profiles"]!.AsArray())!;
        Assert.Equal(("2", "profile", "profiles.default.register.limit (line 10)"), Setting(profile, "register.limit"));
        Assert.Equal(("""{"net.core.somaxconn": "1024"}""", "profile", "profiles.default.register.docker-sysctls (line 9)"), Setting(profile, "register.docker-sysctls"));
        var validate = await CommandRun.WithInput(Configuration, "config", "validate", "-f", "-", "-o", "json");
        Assert.Equal((string)JsonNode.Parse(validate.Output)!["revision"]!, (string)shown["revision"]!);
        Assert.Matches("^[0-9a-f]{12}$", (string)profile["revision"]!);
    }

    [Fact]
    public async Task Show_WithoutFile_ShowsWhatIsBuiltIn()
    {
        var run = await CommandRun.Of("config", "show");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("\n      executor: docker ", run.Output);
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.Contains("  # ", StringComparison.Ordinal)
            && !line.EndsWith("  # built-in", StringComparison.Ordinal) && !line.Contains("  # revision ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Show_NamespaceOfNoManifest_SaysThatLabelsAreUnknown()
    {
        var run = await InNamespace("team-a", "");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("# namespace team-a: policy[1] (line 19)\n", run.Output);
        Assert.Contains("runner-webhook: note: nothing is known of namespace team-a: rules by label are skipped", run.Error);
        Assert.Contains("engine is 'hostSocket', but policy[1] (line 19) allows none; this will be refused once the rule's mode is deny\n", run.Error);
    }

    [Theory]
    [InlineData("closed", "engine is 'hostSocket', but policy[2] (line 22) allows none", "# namespace closed: policy[2] (line 22)\n")]
    [InlineData("elsewhere", "no rule of the policy matches namespace 'elsewhere': ask the platform team to add one", "")]
    public async Task Show_NamespaceThatGetsNothing_FailsWithTheReason(string space, string reason, string output)
    {
        var run = await InNamespace(space, $"{{apiVersion: v1, kind: Namespace, metadata: {{name: {space}}}}}");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"runner-webhook: namespace {space}: {reason}\n", run.Error);
        Assert.StartsWith(output, run.Output);
        Assert.Equal(output.Length == 0, run.Output.Length == 0);
    }

    [Fact]
    public async Task Show_ProfileThatTheRuleForbids_IsRefusedAsAnAnnotationWouldBe()
    {
        var run = await InNamespace("team-a",
            "{apiVersion: v1, kind: Namespace, metadata: {name: team-a, labels: {size: large}}}", "--profile", "default");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("runner-webhook: namespace team-a: annotation gitlab-runner/profile is set, but policy[0] (line 14) allows description\n", run.Error);
        Assert.Contains("chosen by annotation gitlab-runner/profile of the workload\n", run.Output);
    }

    /// <summary>Nothing that can be set is forgotten: every key of a file that has every key comes back.</summary>
    [Fact]
    public async Task Show_EveryKey_IsThere()
    {
        var everything = Path.Combine(RepositoryFiles.Tests, "corpus", "everything.yaml");

        var run = await CommandRun.Of("config", "show", "-f", everything);

        var stated = Paths("", YamlFile.Parse(await File.ReadAllTextAsync(everything, TestContext.Current.CancellationToken), out _)!.Documents[0].Json);
        var shown = Paths("", YamlFile.Parse(run.Output, out _)!.Documents[0].Json);
        Assert.DoesNotContain(stated.Except(shown), path => !path.Contains(".matchLabels", StringComparison.Ordinal));

        static HashSet<string> Paths(string path, JsonElement json) => json.ValueKind switch
        {
            JsonValueKind.Object when !path.StartsWith(".profiles.default.register.", StringComparison.Ordinal) => [.. json.EnumerateObject()
                .SelectMany(member => Paths($"{path}.{member.Name}", member.Value))],
            JsonValueKind.Array when path == ".policy" => [.. json.EnumerateArray().SelectMany(rule => Paths(path + "[]", rule))],
            _ => [path],
        };
    }

    [Theory]
    [InlineData("yaml")]
    [InlineData("json")]
    public async Task Show_Credentials_AreNeverShown(string output)
    {
        const string secret = "never-shown-anywhere";
        const string configuration = ConfigurationCorpus.Head + $$"""
            profiles:
              default:
                register: {url: https://gitlab.example.com/, docker-image: docker:27, cache-s3-secret-key: {{secret}}}
                extraArgs: [--debug, --registration-token={{secret}}, -r, {{secret}}, --cache-s3-access-key, {{secret}}, --keep]
                token: {value: {{secret}}}
            policy:
              - namespaces: ["*"]
                register: {cache-azure-account-key: {{secret}}}

            """;

        var whole = await CommandRun.WithInput(configuration, "config", "show", "-f", "-", "-o", output);
        var one = await CommandRun.WithInput(configuration, "config", "show", "-f", "-", "-o", output, "--for-namespace", "a");

        Assert.Equal((0, ""), (whole.ExitCode, whole.Error));
        Assert.Equal((0, ""), (one.ExitCode, one.Error));
        Assert.DoesNotContain(secret, whole.Output + one.Output);
        Assert.Contains("--keep", whole.Output);
        Assert.Matches("sha256:[0-9a-f]{12}", whole.Output);
    }

    [Theory]
    [InlineData("has no profile 'larg' (did you mean 'large'?): it has default, large", "--profile", "larg")]
    [InlineData("--for-namespace is 'Team A', but must be 1 to 63", "--for-namespace", "Team A")]
    [InlineData("--namespaces belongs to --for-namespace", "--namespaces", "/")]
    [InlineData("/no/such/file", "--for-namespace", "a", "--namespaces", "/no/such/file")]
    [InlineData("Argument 'text' not recognized", "-o", "text")]
    public async Task Show_CalledWrongly_IsAUsageError(string message, params string[] arguments)
    {
        var run = await CommandRun.WithInput(Configuration, ["config", "show", "-f", "-", .. arguments]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error);
    }

    [Fact]
    public async Task Show_BrokenFiles_TellsTheMistakesWithTheirPlaces()
    {
        var configuration = await CommandRun.WithInput(ConfigurationCorpus.Head + "profile: {}\npolice: []\n", "config", "show", "-f", "-");
        var manifest = await InNamespace("team-a", "a: [1\nb: 2");

        Assert.Equal((2, ""), (configuration.ExitCode, configuration.Output));
        Assert.Contains("-:3:1: profile: unknown key (did you mean 'profiles'?)", configuration.Error);
        Assert.Contains("-:4:1: police: unknown key", configuration.Error);
        Assert.Equal((2, ""), (manifest.ExitCode, manifest.Output));
        Assert.Matches("namespaces.yaml:[0-9]+:[0-9]+: ", manifest.Error);
    }

    [Fact]
    public async Task Show_NamespacesThatAreNotWatched_SaysThatTheyDontCount()
    {
        var unwatched = ConfigurationCorpus.Head + "policy:\n  - {namespaces: ['*']}\n";
        var manifest = Write("{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {gitlab-runner/description: x}}}");

        var run = await CommandRun.WithInput(unwatched, "config", "show", "-f", "-", "--for-namespace", "a", "--namespaces", manifest);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("runner-webhook: note: labels and annotations of namespaces are ignored, since the configuration does not say watchNamespaces: true\n", run.Error);
        Assert.DoesNotContain("description: x", run.Output);
    }

    /// <summary>A token in a place that is not for tokens; <c>explain</c> shows the same settings.</summary>
    [Theory]
    [InlineData("config show")]
    [InlineData("config show -o json")]
    [InlineData("explain -f POD")]
    [InlineData("explain -o json -f POD")]
    public async Task Setting_ThatHoldsAToken_IsShownWithoutIt(string command)
    {
        var configuration = Write("""
            apiVersion: runner-webhook/v1
            kind: Configuration
            profiles:
              default:
                register:
                  url: "https://gitlab.example.com/?private_token=PLANTED-a"
                  docker-image: docker:27
                  env: [A=glrt-PLANTED-b]
                token: {secretName: glrt-planted-c}
            policy: [{namespaces: ["*"], allow: {urls: ["https://me:PLANTED-d@gitlab.example.com/*", "*"]}}]
            """);
        var pod = Path.Combine(_folder, "glrt-PLANTED-e.yaml");
        await File.WriteAllTextAsync(pod, "{apiVersion: v1, kind: Pod, metadata: {name: x, labels: {gitlab-runner: inject}}, "
            + "spec: {containers: [{name: gitlab-runner, image: i:1}]}}", TestContext.Current.CancellationToken);

        var run = await CommandRun.Of([.. command.Replace("POD", pod, StringComparison.Ordinal).Split(' '),
            command.StartsWith("config", StringComparison.Ordinal) ? "-f" : "-c", configuration]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("A=***", run.Output);
        Assert.DoesNotContain("planted", run.Output, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (string Value, string Layer, string Place) Setting(JsonNode profile, string field)
    {
        var setting = profile["settings"]!.AsArray().Single(setting => (string)setting!["field"]! == field)!;
        return (setting["value"]!.ToString().ReplaceLineEndings("").Replace("  ", "", StringComparison.Ordinal),
            (string)setting["layer"]!, (string)setting["place"]!);
    }

    private Task<CommandRun> InNamespace(string space, string manifest, params string[] arguments) => CommandRun.WithInput(
        Configuration, ["config", "show", "-f", "-", "--for-namespace", space, "--namespaces", Write(manifest), .. arguments]);

    private string Write(string manifest)
    {
        var file = Path.Combine(_folder, "namespaces.yaml");
        File.WriteAllText(file, manifest);
        return file;
    }
}
