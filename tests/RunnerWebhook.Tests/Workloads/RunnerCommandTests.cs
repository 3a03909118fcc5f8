using System.Text.Json.Nodes;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Injection;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Workloads;

/// <summary>Which commands of gitlab-runner a container runs.</summary>
public sealed class RunnerCommandTests
{
    [Theory]
    [InlineData("gitlab-runner register")]
    [InlineData("/usr/bin/gitlab-runner --debug register --non-interactive")]
    [InlineData("gitlab-runner --log-level debug --log-format=json register")]
    [InlineData("cd /tmp && gitlab-runner register || true")]
    [InlineData("if ! gitlab-runner verify; then gitlab-runner register; fi")]
    [InlineData("until gitlab-runner register; do sleep 5; done")]
    [InlineData("for i in 1 2 3; do gitlab-runner register && break; done")]
    [InlineData("REGISTER_LOCKED=true RUNNER_NAME='a b' gitlab-runner register")]
    [InlineData("env -u HOME A=b gitlab-runner register")]
    [InlineData("exec dumb-init -- gitlab-runner \\\n  register")]
    [InlineData("sudo -u gitlab-runner -E gitlab-runner register")]
    [InlineData("su gitlab-runner -c 'gitlab-runner register'")]
    [InlineData("timeout -k 5 60 gitlab-runner register")]
    [InlineData("bash -lc \"gitlab-runner register\"")]
    [InlineData("sh -c 'exec gitlab-runner \"$@\"' x register")]
    [InlineData("R=gitlab-runner; $R register")]
    [InlineData("out=$(gitlab-runner register 2>&1); echo \"$out\"")]
    [InlineData("echo \"`gitlab-runner register`\"")]
    [InlineData("(gitlab-runner register >/dev/null 2>&1 &)")]
    [InlineData("register() { gitlab-runner register; }; register")]
    [InlineData("set -- register --non-interactive; gitlab-runner \"$@\"")]
    [InlineData("cat <<EOT\ntext\nEOT\ngitlab-runner register")]
    [InlineData("yes '' | gitlab-runner register")]
    [InlineData("${FLAGS:--v} true; gitlab-runner register")]
    [InlineData("./wait-for-it.sh gitlab.example.com:443 -t 60 -- gitlab-runner register")]
    [InlineData("doppler run -- sh -c 'gitlab-runner register'")]
    public void Script_ThatRegisters_IsRecognised(string script) => Assert.True(Registers(script), script);

    [Theory]
    [InlineData("echo gitlab-runner register")]
    [InlineData("echo 'it is'; # gitlab-runner register")]
    [InlineData("gitlab-runner run --register")]
    [InlineData("gitlab-runner unregister --all-runners; gitlab-runner verify")]
    [InlineData("gitlab-runner register --help")]
    [InlineData("gitlab-runner --help register")]
    [InlineData("gitlab-runner-helper register")]
    [InlineData("cat >x <<'EOT'\ngitlab-runner register\nEOT")]
    [InlineData("printf '%s' \"gitlab-runner register\"")]
    [InlineData("command -v gitlab-runner register")]
    [InlineData("gitlab-runner")]
    [InlineData("")]
    [InlineData("'")]
    [InlineData("\"$(")]
    [InlineData("<<")]
    public void Script_ThatDoesNot_IsLeftOut(string script) => Assert.False(Registers(script), script);

    [Theory]
    [InlineData(null, "/a/c.toml", "run", "--config", "/a/c.toml")]
    [InlineData(null, "/a/c.toml", "run", "-c=/a/c.toml")]
    [InlineData(null, "/a/c.toml", "--debug", "run", "-config", "/a/c.toml")]
    [InlineData(null, "/a/c.toml", "sh", "-c", "CONFIG_FILE=/a/c.toml gitlab-runner run")]
    [InlineData(null, "/a/c.toml", "sh", "-c", "export CONFIG_FILE=/a/c.toml\nexec gitlab-runner run")]
    [InlineData(null, "/a/c.toml", "env", "CONFIG_FILE=/a/c.toml", "/entrypoint", "run")]
    [InlineData(null, "/a/c.toml", "/sbin/docker-init", "--", "gitlab-runner", "run", "-c", "/a/c.toml")]
    [InlineData(null, "/a/c.toml", "/usr/bin/catatonit", "--", "gitlab-runner", "run", "-c", "/a/c.toml")]
    [InlineData(null, "/a/c.toml", "/wait", "gitlab:443", "--", "dumb-init", "--", "/entrypoint", "run", "-c", "/a/c.toml")]
    [InlineData(null, "/a/c.toml", "/vault/vault-env", "/usr/bin/dumb-init", "/entrypoint", "run", "-c", "/a/c.toml")]
    [InlineData(null, "/a/c.toml", "/init/secrets", "/bin/sh", "-c", "exec gitlab-runner run -c /a/c.toml")]
    [InlineData("/a", "/a/c.toml", "run", "--config=$(PLACE)/c.toml")]
    [InlineData("/a", "/a/c.toml", "sh", "-c", "gitlab-runner run -c \"${PLACE}/c.toml\"")]
    [InlineData(null, null, "run", "--working-directory", "/a")]
    public void Run_Arguments_NameTheFile(string? place, string? file, params string[] args)
    {
        var container = new JsonObject { ["args"] = new JsonArray([.. args.Select(arg => (JsonNode?)arg)]) };
        if (place is not null)
        {
            container["env"] = new JsonArray(new JsonObject { ["name"] = "PLACE", ["value"] = place });
        }

        var run = Assert.Single(RunnerCommand.OfRunner(Container(container)), call => call.Verb == "run");
        Assert.Equal(file, run.ConfigFile);
    }

    [Fact]
    public void NoCommand_OfTheRunner_Runs() =>
        Assert.Equal("run", Assert.Single(RunnerCommand.OfRunner(Container([]))).Verb);

    [Theory]
    [InlineData("gitlab/gitlab-runner:v1", true)]
    [InlineData("registry.example.com/gitlab-runner-custom", true)]
    [InlineData("spire-agent", false)]
    public void ArgumentsAlone_OfAnotherContainer_CountByTheImage(string image, bool registers)
    {
        var container = Container(new() { ["image"] = image, ["args"] = new JsonArray("register") });
        Assert.Equal(registers, HandRegistration.Registers(container, "runner:1"));
    }

    [Theory]
    [InlineData("A=xxxxxxxx;{0}", "A=$A$A;")]
    [InlineData("set -- a b c;{0}", "set -- \"$@\" \"$@\";")]
    [InlineData("{0}", "$(")]
    [InlineData("{0}", "${{")]
    [InlineData("{0}", "sh -c '")]
    [InlineData("F='sh -c \"$F\";sh -c \"$F\"';sh -c \"$F\"{0}", ";")]
    public void Script_MadeToGrowWithoutEnd_IsReadInTime(string frame, string part)
    {
        var script = frame.Replace("{0}", string.Concat(Enumerable.Repeat(part, 20_000)), StringComparison.Ordinal);
        Assert.InRange(ProcessorTime.Of(() => Registers(script)), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Theory]
    [InlineData("cp /x/config.toml /shared", true)]
    [InlineData("install -m 600 /x/config.toml /shared/config.toml", true)]
    [InlineData("mv a /shared/config.toml", true)]
    [InlineData("sh -c 'cat a b | tee /shared/config.toml'", true)]
    [InlineData("sh -c 'echo x >>/shared/./config.toml'", true)]
    [InlineData("sh -c 'D=/shared; curl -so $D/config.toml https://x; chmod 600 $D/config.toml'", true)]
    [InlineData("sh -c 'D=/shared; curl -s -o $D/config.toml https://x'", true)]
    [InlineData("sh -c 'cp /shared/config.toml /tmp; cat /shared/config.toml'", false)]
    [InlineData("sh -c 'echo config.toml > /shared/etc/config.toml'", false)]
    [InlineData("sh -c 'sed -i s/a/b/ /shared/config.toml'", false)]
    [InlineData("cp /x/config.toml /elsewhere", false)]
    public void InitContainer_ThatWritesTheRunnersFile_RegistersByHand(string command, bool registers)
    {
        var pod = SampleObjects.Pod();
        var spec = pod["spec"]!;
        spec["volumes"] = JsonNode.Parse("""[{"name":"shared","emptyDir":{}}]""");
        spec["containers"]![0]!["volumeMounts"] = JsonNode.Parse("""[{"name":"shared","mountPath":"/etc/gitlab-runner/"}]""");
        spec["initContainers"] = JsonNode.Parse(
            """[{"name":"write","image":"busybox:1","volumeMounts":[{"name":"shared","mountPath":"/shared"}]}]""");
        spec["initContainers"]![0]!["command"] = command.StartsWith("sh -c '", StringComparison.Ordinal)
            ? new JsonArray("sh", "-c", command[7..^1])
            : new JsonArray([.. command.Split(' ').Select(word => (JsonNode?)word)]);
        var template = InjectorScenario.Read(pod).Template;

        Assert.Equal(registers ? "init container write" : null, HandRegistration.Find(
            template, template.Containers[0], () => "/etc/gitlab-runner/config.toml"));
    }

    [Theory]
    [InlineData("/conf/config.toml", "")]
    [InlineData("$(DIR)/config.toml", "")]
    [InlineData("./config.toml", "/conf")]
    public void InitContainer_ThatWritesAFileNamedByTheRunner_RegistersByHand(string file, string directory)
    {
        var pod = SampleObjects.Pod();
        var runner = pod["spec"]!["containers"]![0]!;
        pod["spec"]!["volumes"] = JsonNode.Parse("""[{"name":"shared","emptyDir":{}}]""");
        pod["spec"]!["initContainers"] = JsonNode.Parse("""
            [{"name":"write","image":"busybox:1","command":["sh","-c","echo x > /shared/config.toml"],
              "volumeMounts":[{"name":"shared","mountPath":"/shared"}]}]
            """);
        runner["volumeMounts"] = JsonNode.Parse("""[{"name":"shared","mountPath":"/conf"}]""");
        runner["workingDir"] = directory.Length > 0 ? directory : null;
        runner["env"] = new JsonArray(
            new JsonObject { ["name"] = "DIR", ["value"] = "/conf" }, new JsonObject { ["name"] = "CONFIG_FILE", ["value"] = file });
        var scenario = new InjectorScenario();

        scenario.Create(pod);

        Assert.Equal(OutcomeCode.LeftAloneRegistersByHand, scenario.Last.Code);
    }

    [Theory]
    [InlineData("time")]
    [InlineData("A=b")]
    [InlineData("nice")]
    [InlineData("--")]
    [InlineData("unknown")]
    public void Command_OfManyWrappers_IsReadInTime(string word)
    {
        var container = Container(new()
        {
            ["command"] = new JsonArray([.. Enumerable.Repeat(word, 100_000).Select(each => (JsonNode?)each)]),
            ["args"] = new JsonArray("gitlab-runner", "run"),
        });

        Assert.InRange(ProcessorTime.Of(() => RunnerCommand.OfRunner(container)), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static bool Registers(string script) => HandRegistration.Registers(
        Container(new() { ["command"] = new JsonArray("sh", "-c", script) }), "runner:1");

    private static Container Container(JsonObject fields)
    {
        var pod = SampleObjects.Pod();
        var container = pod["spec"]!["containers"]![0]!.AsObject();
        foreach (var (name, value) in fields)
        {
            container[name] = value?.DeepClone();
        }

        return InjectorScenario.Read(pod).Template.Containers[0];
    }
}
