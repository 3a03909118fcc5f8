using System.Text.Json.Nodes;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Injection;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Settings;

public sealed class SettingValueTests
{
    [Theory]
    [InlineData("engine: {remote: {host: 'tcp://docker:2376 '}}", "tcp:// with a host and a port")]
    [InlineData("engine: {remote: {host: \"tcp://docker:2376\\n\"}}", "tcp:// with a host and a port")]
    [InlineData("engine: {dind: {registryMirrors: [' https://mirror']}}", "an http or https URL")]
    [InlineData("engine: {dind: {sizeLimit: \"20Gi\\n\"}}", "a quantity such as 20Gi, or empty")]
    [InlineData("initContainer: {resources: {limits: {cpu: \"1\\n\"}}}", "a quantity such as 50m, 1 or 64Mi")]
    [InlineData("global: {connection_max_age: \"15m\\n\"}", "a duration such as 15m, 1.5h or 0")]
    [InlineData("token: {secretName: a..b}", KubernetesName.SubdomainRule)]
    public void Value_ThatOnlyLooksRight_IsRefused(string profile, string allowed)
    {
        Assert.Null(Read(profile, out var mistake));
        Assert.EndsWith($"must be {allowed}", mistake);
    }

    [Fact]
    public void SecretName_OfALongPart_IsOneToTheApiServer()
    {
        var name = new string('a', 200) + ".b";

        Assert.Equal(name, Read($"token: {{secretName: {name}}}", out _)!.Default.Token.SecretName);
    }

    [Theory]
    [InlineData("true", "false")]
    [InlineData("false", "true")]
    public void Flag_ByAnnotation_WinsOverTheProfile(string profile, string annotation)
    {
        var scenario = new InjectorScenario($"    lifecycle: {{unregister: {profile}}}\n");
        var pod = SampleObjects.Pod();
        pod["metadata"]!["annotations"] = new JsonObject { [WellKnown.AnnotationPrefix + "unregister"] = annotation };

        var runner = scenario.Create(pod)["spec"]!["containers"]![0]!;

        Assert.Equal(annotation == "true", runner["lifecycle"]?["preStop"] is not null);
    }

    private static RunnerConfiguration? Read(string profile, out string mistake)
    {
        var read = ConfigurationFile.Read(
            $"apiVersion: runner-webhook/v1\nkind: Configuration\nprofiles: {{default: {{{profile}}}}}\n", "c", out var mistakes);
        mistake = string.Join('\n', mistakes);
        return read;
    }
}
