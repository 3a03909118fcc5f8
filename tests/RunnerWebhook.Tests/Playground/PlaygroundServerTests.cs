using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Playground;
using Xunit;

namespace RunnerWebhook.Tests.Playground;

/// <summary><c>playground</c> over HTTP. The page itself is tried in a browser by the cluster tests.</summary>
public sealed class PlaygroundServerTests : IAsyncLifetime
{
    private readonly Microsoft.AspNetCore.Builder.WebApplication _app = PlaygroundServer.Build(0);
    private readonly HttpClient _client = new();

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        _client.BaseAddress = new(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public void Server_Address_IsLoopback() => Assert.Equal("127.0.0.1", _client.BaseAddress!.Host);

    [Fact]
    public async Task Page_Policy_LetsNothingButItsOwnPartsRun()
    {
        using var response = await _client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal(["no-store"], response.Headers.GetValues("Cache-Control"));
        Assert.Contains("gitlab/gitlab-runner:v17.5.0", page);
        Assert.DoesNotContain("{{", page);
        Assert.DoesNotContain("http://", page.Replace("https://gitlab.example.com", "", StringComparison.Ordinal));
        Assert.DoesNotContain("innerHTML", page);
        Assert.DoesNotContain("style=", page);
    }

    [Theory]
    [InlineData("evil.example.com", null, 403)]
    [InlineData("evil.example.com:80", null, 403)]
    [InlineData("127.0.0.1", null, 403)]
    [InlineData("127.0.0.1:PORT", "http://evil.example.com", 403)]
    [InlineData("127.0.0.1:PORT", "null", 403)]
    [InlineData("localhost:PORT", "http://localhost:PORT", 200)]
    [InlineData("127.0.0.1:PORT", "http://127.0.0.1:PORT", 200)]
    [InlineData("127.0.0.1:PORT", null, 200)]
    public async Task Request_OfAnotherSite_IsRejected(string host, string? origin, int status)
    {
        var port = $"{_client.BaseAddress!.Port}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/try") { Content = Json("", "") };
        request.Headers.Host = host.Replace("PORT", port, StringComparison.Ordinal);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin.Replace("PORT", port, StringComparison.Ordinal));
        }

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("PUT", "/", null, "", 405)]
    [InlineData("GET", "/try", null, "", 405)]
    [InlineData("GET", "/other", null, "", 404)]
    [InlineData("POST", "/try", "text/plain", "{}", 415)]
    [InlineData("POST", "/try", "application/json", "{", 400)]
    [InlineData("POST", "/try", "application/json", "[]", 400)]
    [InlineData("POST", "/try", "application/json", "{\"manifest\": 1, \"configuration\": \"\"}", 400)]
    [InlineData("POST", "/try", "application/json", "{\"manifest\": \"\\ud800\", \"configuration\": \"\"}", 400)]
    public async Task Request_ThatIsWrong_IsAnsweredWithAReason(string method, string path, string? type, string body, int status)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (type is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        }

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Try_TooLong_IsRejected()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/try") { Content = Json(new string('a', 5 * 1024 * 1024), "") };
        request.Headers.ExpectContinue = true;
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    /// <summary>What the page shows is what <c>inject</c> prints.</summary>
    [Fact]
    public async Task Try_Samples_GivesTheGoldenOutput()
    {
        var folder = Path.Combine(RepositoryFiles.Tests, "golden", "sample-daemonset");
        var answer = await Try(await File.ReadAllTextAsync(Path.Combine(folder, "input.yaml"), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(Path.Combine(folder, "config.yaml"), TestContext.Current.CancellationToken));

        var after = answer["lines"]!.AsArray().Where(line => (string)line!["change"]! != "removed").Select(line => (string)line!["text"]!);
        Assert.Equal((await File.ReadAllTextAsync(Path.Combine(folder, "output.yaml"), TestContext.Current.CancellationToken)).TrimEnd('\n'),
            string.Join('\n', after).TrimEnd('\n'));
        var it = Assert.Single(answer["objects"]!.AsArray())!;
        Assert.Equal("injected", (string)it["outcome"]!);
        Assert.All(it["gates"]!.AsArray(), gate => Assert.True((bool)gate!["passed"]!));
        Assert.Contains(it["settings"]!.AsArray(), setting => (string)setting!["field"]! == "register.url" && !string.IsNullOrEmpty((string)setting["origin"]!));
        Assert.Empty(answer["problems"]!.AsArray());
    }

    [Fact]
    public async Task Try_ConfigurationWithMistakes_NamesEachLine()
    {
        var answer = await Try("", "apiVersion: runner-webhook/v1\nkind: Configuration\nprofiles:\n  default:\n    register:\n      url: here\n      taglist: [a]\n");

        Assert.Equal([6, 7], answer["problems"]!.AsArray().Select(problem => (int)problem!["line"]!));
        Assert.Null(answer["lines"]);
    }

    [Fact]
    public async Task Try_ManifestThatIsNoYaml_NamesTheLine()
    {
        var answer = await Try("a:\n  - b\n c: d\n", "");

        Assert.Equal(3, (int)Assert.Single(answer["problems"]!.AsArray())!["line"]!);
        Assert.Null(answer["lines"]);
    }

    [Fact]
    public async Task Try_TokenInTheConfiguration_IsNotInTheAnswer()
    {
        var answer = await Try("apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: inject}}\nspec: {containers: [{name: b, image: c}]}\n",
            "apiVersion: runner-webhook/v1\nkind: Configuration\nprofiles: {default: {register: {url: https://gitlab.example.com, docker-image: \"docker:27\"}, token: {value: s3cr3t-token}}}\n");

        Assert.NotNull(answer["lines"]);
        Assert.DoesNotContain("s3cr3t", answer.ToJsonString());
    }

    [Theory]
    [InlineData("{gitlab-runner: glrt-PLANTED}", "{}", "")]
    [InlineData("{gitlab-runner: inject}", "{gitlab-runner/limit: glrt-PLANTED}", "")]
    [InlineData("{gitlab-runner: inject}", "{}", ", env: [\"A=glrt-PLANTED\"]")]
    public async Task Try_TokenInAWrongPlace_IsNotInMessagesAndSettings(string labels, string annotations, string options)
    {
        var answer = await Try($"apiVersion: v1\nkind: Pod\nmetadata: {{name: a, labels: {labels}, annotations: {annotations}}}\n"
            + "spec: {containers: [{name: gitlab-runner, image: c}]}\n", "apiVersion: runner-webhook/v1\nkind: Configuration\n"
            + $"profiles: {{default: {{register: {{url: https://gitlab.example.com, docker-image: \"docker:27\"{options}}}}}}}\n");

        answer.Remove("lines");
        Assert.Contains("***", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", answer.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task<JsonObject> Try(string manifest, string configuration)
    {
        using var content = Json(manifest, configuration);
        using var response = await _client.PostAsync(new Uri("/try", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
    }

    private static StringContent Json(string manifest, string configuration) => new(
        new JsonObject { ["manifest"] = manifest, ["configuration"] = configuration }.ToJsonString(), Encoding.UTF8, "application/json");
}
