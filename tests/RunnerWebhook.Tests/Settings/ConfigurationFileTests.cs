using RunnerWebhook.Configuration;
using Xunit;

namespace RunnerWebhook.Tests.Settings;

public sealed class ConfigurationFileTests
{
    private const string Head = "apiVersion: runner-webhook/v1\nkind: Configuration\nprofiles:\n  default:\n";

    [Fact]
    public void Read_EveryKeyOfTheDesign_IsTaken()
    {
        var configuration = ConfigurationFile.Read(Head + """
                register:
                  url: https://gitlab.example.com/
                  description: Docker-in-Docker
                  tag-list: [docker]
                  locked: false
                  maximum-timeout: 3600
                  docker-image: docker:latest
                extraArgs: [--debug]
                token: {secretName: gitlab-runner-token, secretKey: token, mode: auto}
                engine:
                  kind: hostSocket
                  socketPath: /var/run/docker.sock
                  dind: {name: dind, image: docker:27.5.1-dind, sidecar: auto, sizeLimit: "", mtu: 0, registryMirrors: [], args: [], resources: {requests: {cpu: 100m, memory: 256Mi}}}
                  remote: {host: "tcp://docker.example.com:2376", tlsSecretName: docker-client}
                initContainer: {name: init-runner, image: "", guard: true, position: last, resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {cpu: "1", memory: 256Mi}}}
                configVolume: {name: runner-config, mountPath: /etc/gitlab-runner, medium: ""}
                socketVolume: {name: docker-socket, type: Socket}
                lifecycle: {unregister: true, gracePeriodSeconds: 3600, systemId: auto}
                global: {concurrent: 1}
            """, "config.yaml", out var mistakes);

        Assert.Empty(mistakes);
        Assert.Equal("false", configuration!.Default.Register["locked"].Single());
        Assert.Equal("3600", configuration.Default.Register["maximum-timeout"].Single());
    }

    [Fact]
    public void Read_ManyMistakes_TellsAllAtOnceInTheirOrder()
    {
        ConfigurationFile.Read("""
            apiVersion: runner-webhook/v2
            profiles:
              default:
                register:
                  url: gitlab
                  tag_list: [a]
                  locked: yes please
                  token: glrt-secret
                tokn: {}
                initContainer: {guard: 1, position: middle, resources: {limits: {cpu: lots}}}
                lifecycle: {gracePeriodSeconds: -1}
                engine: {kind: podman}
            """, "config.yaml", out var mistakes);

        Assert.Equal(
            [
                "config.yaml:1:1: kind: is missing, but must be Configuration",
                "config.yaml:1:13: apiVersion: is 'runner-webhook/v2', but must be runner-webhook/v1",
                "config.yaml:5:12: profiles.default.register.url: is 'gitlab', but must be an http or https URL",
                "config.yaml:6:7: profiles.default.register.tag_list: is no register option that is known here (did you mean 'tag-list'?); an option that is missing here can be given in extraArgs",
                "config.yaml:7:15: profiles.default.register.locked: is 'yes please', but must be true or false",
                "config.yaml:8:7: profiles.default.register.token: can't be set here: the token comes from a Secret (token.secretName in a profile, or the annotation gitlab-runner/token-secret)",
                "config.yaml:9:5: profiles.default.tokn: unknown key (did you mean 'token'?); known here: register, extraArgs, token, engine, initContainer, configVolume, socketVolume, lifecycle, global",
                "config.yaml:10:28: profiles.default.initContainer.guard: must be true or false, but is a number",
                "config.yaml:10:41: profiles.default.initContainer.position: is 'middle', but must be first, last or before:NAME",
                "config.yaml:10:75: profiles.default.initContainer.resources.limits.cpu: is 'lots', but must be a quantity such as 50m, 1 or 64Mi",
                "config.yaml:11:37: profiles.default.lifecycle.gracePeriodSeconds: must be a whole number from 0 to 604800, but is -1",
                "config.yaml:12:20: profiles.default.engine.kind: is 'podman', but must be hostSocket or dind or remote or none",
            ],
            mistakes);
    }

    [Theory]
    [InlineData("{kind: remote}", "5:13: profiles.default.engine.remote: lacks host, which engine kind remote needs, as in tcp://docker.example.com:2376")]
    [InlineData("{remote: {host: docker:2376}}", "5:29: profiles.default.engine.remote.host: is 'docker:2376', but must be tcp:// with a host and a port")]
    [InlineData("{remote: {host: \"tcp://docker\"}}", "5:29: profiles.default.engine.remote.host: is 'tcp://docker', but must be tcp:// with a host and a port")]
    [InlineData("{remote: {tlsSecretName: A}}", "5:38: profiles.default.engine.remote.tlsSecretName: is 'A', but must be 1 to 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends")]
    [InlineData("{remote: {image: x}}", "5:23: profiles.default.engine.remote.image: unknown key; known here: host, tlsSecretName")]
    [InlineData("{image: x}", "5:14: profiles.default.engine.image: unknown key; known here: kind, socketPath, dind, remote")]
    [InlineData("{dind: {image: \"\"}}", "5:28: profiles.default.engine.dind.image: is '', but must be an image reference without spaces")]
    [InlineData("{dind: {sidecar: both}}", "5:30: profiles.default.engine.dind.sidecar: is 'both', but must be auto or native or container")]
    [InlineData("{dind: {sizeLimit: much}}", "5:32: profiles.default.engine.dind.sizeLimit: is 'much', but must be a quantity such as 20Gi, or empty")]
    [InlineData("{dind: {mtu: -1}}", "5:26: profiles.default.engine.dind.mtu: must be a whole number from 0 to 65535, but is -1")]
    [InlineData("{dind: {registryMirrors: [mirror]}}", "5:38: profiles.default.engine.dind.registryMirrors: has 'mirror', but each must be an http or https URL")]
    [InlineData("{dind: {args: [\"--host=tcp://0.0.0.0:2375\"]}}", "5:27: profiles.default.engine.dind.args: has '--host=tcp://0.0.0.0:2375', but each must be an argument of dockerd that opens no socket: the pod's alone is served")]
    [InlineData("{dind: {args: [-H, \"tcp://0.0.0.0:2375\"]}}", "5:27: profiles.default.engine.dind.args: has '-H', but each must be an argument of dockerd that opens no socket: the pod's alone is served")]
    [InlineData("{dind: {resources: {limits: {cpu: lots}}}}", "5:47: profiles.default.engine.dind.resources.limits.cpu: is 'lots', but must be a quantity such as 50m, 1 or 64Mi")]
    [InlineData("{dind: {name: init-runner}}", "5:27: profiles.default.engine.dind.name: is 'init-runner', which is the name of initContainer: two containers need two names")]
    public void Read_BadEngine_TellsWhereAndWhatIsAllowed(string engine, string mistake)
    {
        ConfigurationFile.Read(Head + "    engine: " + engine, "config.yaml", out var mistakes);

        Assert.Equal(["config.yaml:" + mistake], mistakes);
    }

    [Theory]
    [InlineData("token: {value: \"gl rt\"}")]
    [InlineData("token: {value: [glrt-secret]}")]
    [InlineData("register: {url: https://x/, cache-s3-secret-key: [secret-1, secret-2]}")]
    public void Read_BadSecret_NeverRepeatsIt(string line)
    {
        ConfigurationFile.Read(Head + "    " + line, "config.yaml", out var mistakes);

        Assert.NotEmpty(mistakes);
        Assert.DoesNotContain(mistakes, mistake => mistake.Contains("secret-1", StringComparison.Ordinal)
            || mistake.Contains("gl rt", StringComparison.Ordinal) || mistake.Contains("glrt", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("---\n---\n")]
    [InlineData("a: b\n---\nc: d\n")]
    [InlineData("[]")]
    [InlineData("just text")]
    [InlineData("a: &x [*x]")]
    [InlineData("a:\n\tb: c")]
    [InlineData("profiles: null")]
    [InlineData("profiles: [default]")]
    [InlineData("a: 1\na: 2")]
    [InlineData("\u0000\u0001\u0002")]
    [InlineData("a: 'unfinished")]
    public void Read_Nonsense_EndsWithAPositionedMistake(string text)
    {
        Assert.Null(ConfigurationFile.Read(text, "config.yaml", out var mistakes));
        Assert.All(mistakes, mistake => Assert.Matches("^config.yaml:[0-9]+:[0-9]+: .+", mistake));
        Assert.NotEmpty(mistakes);
    }
}
