using RunnerWebhook.Configuration;
using Xunit;

namespace RunnerWebhook.Tests.Configuration;

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
                template: {configMapName: runner-template, key: template.toml}
                certificates: {secretName: gitlab-ca, key: ca.crt}
                cache: {secretName: runner-cache, keys: {cache-s3-access-key: accesskey, cache-gcs-private-key: key, cache-azure-account-name: name}}
                global:
                  concurrent: 1
                  check_interval: 3
                  shutdown_timeout: 30
                  log_level: info
                  log_format: json
                  listen_address: "[::]:9252"
                  connection_max_age: 15m
                  sentry_dsn: https://key@sentry.example.com/1
                  session_server: {listen_address: ":8093", advertise_address: "10.0.0.1:8093", session_timeout: 1800}
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
                engine: {kind: docker}
            """, "config.yaml", out var mistakes);

        Assert.Equal(
            [
                "config.yaml:1:1: kind: is missing, but must be Configuration",
                "config.yaml:1:13: apiVersion: is 'runner-webhook/v2', but must be runner-webhook/v1",
                "config.yaml:5:12: profiles.default.register.url: is 'gitlab', but must be an http or https URL",
                "config.yaml:6:7: profiles.default.register.tag_list: is not a known register option (did you mean 'tag-list'?); an option that this version does not know can be given in extraArgs",
                "config.yaml:7:15: profiles.default.register.locked: is 'yes please', but must be true or false",
                "config.yaml:8:7: profiles.default.register.token: comes from a Secret: set token.secretName in the profile, or the annotation gitlab-runner/token-secret",
                "config.yaml:9:5: profiles.default.tokn: unknown key (did you mean 'token'?); known here: register, extraArgs, token, engine, runtimeClassName, initContainer, configVolume, socketVolume, lifecycle, template, certificates, cache, global",
                "config.yaml:10:28: profiles.default.initContainer.guard: must be true or false, but is a number",
                "config.yaml:10:41: profiles.default.initContainer.position: is 'middle', but must be first, last or before:NAME",
                "config.yaml:10:75: profiles.default.initContainer.resources.limits.cpu: is 'lots', but must be a quantity such as 50m, 1 or 64Mi",
                "config.yaml:11:37: profiles.default.lifecycle.gracePeriodSeconds: must be a whole number from 0 to 604800, but is -1",
                "config.yaml:12:20: profiles.default.engine.kind: is 'docker', but must be hostSocket or dind or podman or remote or none",
            ],
            mistakes);
    }

    [Theory]
    [InlineData("{kind: remote}", "5:13: profiles.default.engine.remote: lacks host, which engine kind remote needs, as in tcp://docker.example.com:2376")]
    [InlineData("{remote: {host: docker:2376}}", "5:29: profiles.default.engine.remote.host: is 'docker:2376', but must be tcp:// with a host and a port")]
    [InlineData("{remote: {host: \"tcp://docker\"}}", "5:29: profiles.default.engine.remote.host: is 'tcp://docker', but must be tcp:// with a host and a port")]
    [InlineData("{remote: {tlsSecretName: A}}", "5:38: profiles.default.engine.remote.tlsSecretName: is 'A', but must be 1 to 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends and around each '.'")]
    [InlineData("{remote: {image: x}}", "5:23: profiles.default.engine.remote.image: unknown key; known here: host, tlsSecretName")]
    [InlineData("{image: x}", "5:14: profiles.default.engine.image: unknown key; known here: kind, socketPath, dind, podman, remote")]
    [InlineData("{dind: {image: \"\"}}", "5:28: profiles.default.engine.dind.image: is '', but must be an image reference without spaces")]
    [InlineData("{dind: {sidecar: both}}", "5:30: profiles.default.engine.dind.sidecar: is 'both', but must be auto or native or container")]
    [InlineData("{dind: {sizeLimit: much}}", "5:32: profiles.default.engine.dind.sizeLimit: is 'much', but must be a quantity such as 20Gi, or empty")]
    [InlineData("{dind: {mtu: -1}}", "5:26: profiles.default.engine.dind.mtu: must be a whole number from 0 to 65535, but is -1")]
    [InlineData("{dind: {registryMirrors: [mirror]}}", "5:38: profiles.default.engine.dind.registryMirrors: has 'mirror', but each must be an http or https URL")]
    [InlineData("{dind: {args: [\"--host=tcp://0.0.0.0:2375\"]}}", "5:27: profiles.default.engine.dind.args: has '--host=tcp://0.0.0.0:2375', but each must be an argument of dockerd that opens no other socket")]
    [InlineData("{dind: {args: [-H, \"tcp://0.0.0.0:2375\"]}}", "5:27: profiles.default.engine.dind.args: has '-H', but each must be an argument of dockerd that opens no other socket")]
    [InlineData("{dind: {resources: {limits: {cpu: lots}}}}", "5:47: profiles.default.engine.dind.resources.limits.cpu: is 'lots', but must be a quantity such as 50m, 1 or 64Mi")]
    [InlineData("{dind: {name: init-runner}}", "5:27: profiles.default.engine.dind.name: is 'init-runner', which is the name of initContainer: two containers need two names")]
    public void Read_BadEngine_TellsWhereAndWhatIsAllowed(string engine, string mistake)
    {
        ConfigurationFile.Read(Head + "    engine: " + engine, "config.yaml", out var mistakes);

        Assert.Equal(["config.yaml:" + mistake], mistakes);
    }

    [Theory]
    [InlineData("template: {}", "5:15: profiles.default.template.configMapName: is missing, but must be 1 to 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends and around each '.'")]
    [InlineData("template: {secretName: x}", "5:15: profiles.default.template.configMapName: is missing, but must be 1 to 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends and around each '.'")]
    [InlineData("template: {configMapName: x, key: a/b}", "5:39: profiles.default.template.key: is 'a/b', but must be 1 to 253 letters, digits, '-', '_' and '.'")]
    [InlineData("certificates: {key: ca.crt}", "5:19: profiles.default.certificates: needs secretName or configMapName")]
    [InlineData("certificates: {secretName: a, configMapName: b}", "5:50: profiles.default.certificates.configMapName: can't be given together with secretName: use one of them")]
    [InlineData("cache: {keys: {cache-s3-secret-key: k}}", "5:12: profiles.default.cache.secretName: is missing, but must be 1 to 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends and around each '.'")]
    [InlineData("cache: {secretName: a}", "5:12: profiles.default.cache.keys: is missing, but must be a mapping")]
    [InlineData("cache: {secretName: a, keys: {cache-s3-secret-key: /}}", "5:56: profiles.default.cache.keys.cache-s3-secret-key: is '/', but must be 1 to 253 letters, digits, '-', '_' and '.'")]
    [InlineData("{register: {cache-s3-secret-key: x}, cache: {secretName: a, keys: {cache-s3-secret-key: k}}}", "5:93: profiles.default.cache.keys.cache-s3-secret-key: is set under register too, which would win: cache-s3-secret-key comes from one of them")]
    [InlineData("global: {log_level: loud}", "5:25: profiles.default.global.log_level: is 'loud', but must be debug or info or warn or warning or error or fatal or panic")]
    [InlineData("global: {log_format: xml}", "5:26: profiles.default.global.log_format: is 'xml', but must be runner or text or json")]
    [InlineData("global: {listen_address: \"9252\"}", "5:30: profiles.default.global.listen_address: is '9252', but must be an address with a port, such as :9252, 127.0.0.1:9252 or [::]:9252")]
    [InlineData("global: {connection_max_age: 15}", "5:34: profiles.default.global.connection_max_age: must be a string, but is a number: put it in quotes")]
    [InlineData("global: {connection_max_age: soon}", "5:34: profiles.default.global.connection_max_age: is 'soon', but must be a duration such as 15m, 1.5h or 0")]
    [InlineData("global: {sentry_dsn: key}", "5:26: profiles.default.global.sentry_dsn: is 'key', but must be an http or https URL")]
    [InlineData("global: {session_server: {session_timeout: 0}}", "5:48: profiles.default.global.session_server.session_timeout: must be a whole number from 1 to 2147483647, but is 0")]
    [InlineData("global: {session_server: x}", "5:30: profiles.default.global.session_server: must be a mapping, but is a string")]
    [InlineData("{initContainer: {guard: false}, global: {concurrent: 4}}", "5:45: profiles.default.global: can only be written by the guard script: set initContainer.guard to true")]
    [InlineData("configVolume: {name: docker-tls}", "5:26: profiles.default.configVolume.name: is 'docker-tls', which is the name of another volume that is injected")]
    public void Read_BadAttachment_TellsWhereAndWhatIsAllowed(string setting, string mistake)
    {
        ConfigurationFile.Read(Head + "    " + setting, "config.yaml", out var mistakes);

        Assert.Contains("config.yaml:" + mistake, mistakes);
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

    /// <summary>A token where a name belongs, or in the wrong field.</summary>
    [Theory]
    [InlineData("token: {secretName: TOKEN}")]
    [InlineData("token: {mode: TOKEN}")]
    [InlineData("token: {TOKEN: x}")]
    [InlineData("token: {value: x, secretKey: [TOKEN]}")]
    [InlineData("TOKEN: x")]
    [InlineData("token: *TOKEN")]
    [InlineData("token: !TOKEN x")]
    [InlineData("engine: {kind: TOKEN}")]
    [InlineData("engine: {kind: remote, remote: {host: \"tcp://user:TOKEN@docker:2376\"}}")]
    [InlineData("template: {configMapName: TOKEN}")]
    [InlineData("initContainer: {name: TOKEN}")]
    [InlineData("register: {url: https://x/, TOKEN: x}")]
    [InlineData("register: {url: \"ftp://oauth2:TOKEN@x/\"}")]
    [InlineData("register: {url: https://x/, limit: TOKEN}")]
    public void Read_TokenOutOfPlace_IsNotRepeated(string line)
    {
        ConfigurationFile.Read(Head + "    " + line.Replace("TOKEN", "glrt-t3_Planted.01x_0", StringComparison.Ordinal), "config.yaml", out var mistakes);

        Assert.NotEmpty(mistakes);
        Assert.DoesNotContain(mistakes, mistake => mistake.Contains("Planted", StringComparison.Ordinal));
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
