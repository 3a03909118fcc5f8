using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Settings;
using Xunit;

namespace RunnerWebhook.Tests.Settings;

/// <summary>The revision that replicas show: the same where the same is in force, and another one where anything differs.</summary>
public sealed class ConfigurationRevisionTests
{
    private const string Text = """
        apiVersion: runner-webhook/v1
        kind: Configuration
        profiles:
          default: {register: {url: "https://gitlab.example.com/", description: a}}
          other: {register: {url: "https://gitlab.example.com/"}, engine: {kind: none}}
        policy:
          - {namespaces: [a], register: {cache-s3-secret-key: one}, allow: {engines: [none]}}
          - {namespaces: ["*"]}
        """;

    [Theory]
    [InlineData("kind: none", "kind: hostSocket")]
    [InlineData("other:", "another:")]
    [InlineData("description: a", "description: b")]
    [InlineData("secret-key: one", "secret-key: two")]
    [InlineData("engines: [none]", "engines: [dind]")]
    [InlineData("  - {namespaces: [\"*\"]}", "  - {namespaces: [\"*\"], mode: warn}")]
    [InlineData("  - {namespaces: [\"*\"]}", "")]
    [InlineData("namespaces: [a]", "namespaces: [b]")]
    [InlineData("policy:", "watchNamespaces: true\npolicy:")]
    public void Revision_AnythingInForceDiffers_IsAnotherOne(string was, string @is) =>
        Assert.NotEqual(Revision(Text), Revision(Text.Replace(was, @is, StringComparison.Ordinal)));

    [Theory]
    [InlineData("policy:", "log: {level: Debug}\npolicy:")]
    [InlineData("{register: {url: \"https://gitlab.example.com/\", description: a}}",
        "{register: {description: a, url: 'https://gitlab.example.com/'}}")]
    [InlineData("policy:", "# A comment.\npolicy:")]
    public void Revision_TheSameInForce_StaysTheSame(string was, string @is) =>
        Assert.Equal(Revision(Text), Revision(Text.Replace(was, @is, StringComparison.Ordinal)));

    [Fact]
    public void Revision_WithoutPolicy_IsNotThatOfAnEmptyOne()
    {
        var text = Text[..Text.IndexOf("policy:", StringComparison.Ordinal)];

        Assert.NotEqual(Revision(text), Revision(text + "policy: []\n"));
    }

    private static string Revision(string text)
    {
        var configuration = ConfigurationFile.Read(text, "config.yaml", out var mistakes);
        Assert.Empty(mistakes);
        return ConfigurationWriter.Revision(configuration!);
    }
}
