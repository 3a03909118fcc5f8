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
                engine: {kind: hostSocket, socketPath: /var/run/docker.sock}
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
                engine: {kind: dind}
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
                "config.yaml:12:20: profiles.default.engine.kind: is 'dind', but must be hostSocket or none",
            ],
            mistakes);
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
