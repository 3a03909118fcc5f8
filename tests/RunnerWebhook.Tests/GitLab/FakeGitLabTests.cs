using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.FakeGitLab;
using Xunit;

namespace RunnerWebhook.Tests.GitLab;

/// <summary>The fake is what other tests believe: it is tested against GitLab's documentation.</summary>
public sealed class FakeGitLabTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private GitLabServer _gitlab = null!;

    public async ValueTask InitializeAsync() => _gitlab = await GitLabServer.Start();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gitlab.DisposeAsync();
    }

    [Fact]
    public async Task Register_RightToken_MakesARunnerWhoseTokenIsNoCreatedOnes()
    {
        var (status, body) = await Post("/runners", """{"token":"gitlabtoken","description":"one","tag_list":"docker,linux","info":{}}""");

        var runner = Assert.Single(_gitlab.State.Runners);
        Assert.Equal(201, status);
        Assert.StartsWith("glrtr-", runner.Token);
        Assert.Equal((runner.Id, runner.Token), ((long)body!["id"]!, (string)body["token"]!));
        Assert.Equal("docker linux", string.Join(' ', runner.Attributes.Tags));
        Assert.Empty(_gitlab.State.Managers);
    }

    [Theory]
    [InlineData("""{"token":"wrong"}""", 403, "403 Forbidden - invalid token supplied")]
    [InlineData("""{"token":"glrt-of-a-created-runner"}""", 403, "403 Forbidden - invalid token supplied")]
    [InlineData("{}", 400, "token is missing")]
    [InlineData("""{"token":"gitlabtoken","locked":"maybe","access_level":"mine"}""", 400, "locked is invalid, access_level does not have a valid value")]
    [InlineData("""{"token":"gitlabtoken","run_untagged":false}""", 400, "can not be empty when runner is not allowed to pick untagged jobs")]
    [InlineData("""{"token":"gitlabtoken","maximum_timeout":599}""", 400, "needs to be at least 10 minutes")]
    [InlineData("""{"token":""", 400, "Problem parsing JSON")]
    public async Task Register_Refused_SaysWhyAndMakesNothing(string request, int expected, string why)
    {
        var (status, body) = await Post("/runners", request);

        Assert.Equal(expected, status);
        Assert.Contains(why, body!.ToJsonString());
        Assert.Empty(_gitlab.State.Runners);
    }

    [Fact]
    public async Task Register_SwitchedOff_IsGone()
    {
        _gitlab.State.RegistrationAllowed = false;

        var (status, body) = await Post("/runners", """{"token":"gitlabtoken"}""");

        Assert.Equal(410, status);
        Assert.Equal("410 Gone - runner registration disallowed", (string)body!["message"]!);
    }

    [Fact]
    public async Task Verify_TwoSystems_AreTwoManagersOfOneRunner()
    {
        var runner = _gitlab.State.CreateRunner();

        foreach (var system in (string[])["r_aaaaaaaaaaaa", "r_bbbbbbbbbbbb", "r_aaaaaaaaaaaa"])
        {
            var (status, body) = await Post("/runners/verify",
                $$$"""{"token":"{{{runner.Token}}}","system_id":"{{{system}}}","info":{"version":"17.5.0"}}""");
            Assert.Equal(200, status);
            Assert.Equal(runner.Id, (long)body!["id"]!);
        }

        Assert.Equal(["r_aaaaaaaaaaaa", "r_bbbbbbbbbbbb"], _gitlab.State.Managers.Select(manager => manager.SystemId));
        Assert.All(_gitlab.State.Managers, manager => Assert.Equal((runner.Id, "17.5.0"), (manager.RunnerId, manager.Version)));
    }

    [Fact]
    public async Task DeleteManager_Known_LeavesTheRunner()
    {
        var runner = _gitlab.State.CreateRunner();
        _gitlab.State.SetContact(runner.Id, "r_aaaaaaaaaaaa", DateTimeOffset.UtcNow);
        var request = $$$"""{"token":"{{{runner.Token}}}","system_id":"r_aaaaaaaaaaaa"}""";

        Assert.Equal(204, (await Send(HttpMethod.Delete, "/runners/managers", request)).Status);
        Assert.Equal(404, (await Send(HttpMethod.Delete, "/runners/managers", request)).Status);
        Assert.Equal(403, (await Send(HttpMethod.Delete, "/runners/managers", """{"token":"x","system_id":"y"}""")).Status);
        Assert.Empty(_gitlab.State.Managers);
        Assert.Single(_gitlab.State.Runners);
    }

    [Fact]
    public async Task DeleteRunner_ByItsToken_DeletesItAndItsTokenForAll()
    {
        var runner = _gitlab.State.CreateRunner();
        var request = $$$"""{"token":"{{{runner.Token}}}"}""";

        Assert.Equal(204, (await Send(HttpMethod.Delete, "/runners", request)).Status);
        Assert.Equal(403, (await Send(HttpMethod.Delete, "/runners", request)).Status);
        Assert.Equal(403, (await Post("/runners/verify", request)).Status);
        Assert.Equal(403, (await Post("/jobs/request", request)).Status);
    }

    [Fact]
    public async Task Job_FromQueueToEnd_IsTheRunnersThatTookIt()
    {
        var runner = _gitlab.State.CreateRunner(new() { Tags = ["docker"], RunUntagged = false });
        var untagged = _gitlab.State.Enqueue(["false"]);
        var job = _gitlab.State.Enqueue(["echo hello"], "docker:latest", "docker");
        var request = $$$"""{"token":"{{{runner.Token}}}","system_id":"r_aaaaaaaaaaaa"}""";

        var (status, body) = await Post("/jobs/request", request);
        Assert.Equal((201, job.Id), (status, (long)body!["id"]!));
        Assert.Equal("echo hello", (string)body["steps"]![0]!["script"]![0]!);
        Assert.Equal(204, (await Post("/jobs/request", request)).Status);

        Assert.Equal(202, await Trace(job, "0-4", "hello"));
        Assert.Equal(416, await Trace(job, "0-4", "hello"));
        Assert.Equal(200, (await Put(job, "success")).Status);
        Assert.Equal(403, (await Put(job, "failed")).Status);

        var done = _gitlab.State.JobOf(job.Id);
        Assert.Equal(("success", "hello", "r_aaaaaaaaaaaa"), (done.Status, done.Trace, done.SystemId));
        Assert.Equal("pending", _gitlab.State.JobOf(untagged.Id).Status);
    }

    [Fact]
    public async Task Job_OfAGitLabWithARegistry_LogsInToItsProjectWhileItRuns()
    {
        await using var gitlab = await GitLabServer.Start(new() { Registry = "registry.example.com:5050" });
        var runner = gitlab.State.CreateRunner(new() { RunUntagged = true });
        var job = gitlab.State.Enqueue(["true"]);
        Assert.Equal(401, (await RegistryToken(gitlab, job)).Status);
        using var taken = await _client.PostAsJsonAsync(new Uri(gitlab.Url, "/api/v4/jobs/request"), new { token = runner.Token },
            TestContext.Current.CancellationToken);
        var payload = JsonNode.Parse(await taken.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var variables = payload["variables"]!.AsArray().ToDictionary(variable => (string)variable!["key"]!, variable => variable!);

        Assert.Equal(("registry.example.com:5050", "registry.example.com:5050/group/project", "gitlab-ci-token", job.Token),
            (Value("CI_REGISTRY"), Value("CI_REGISTRY_IMAGE"), Value("CI_REGISTRY_USER"), Value("CI_REGISTRY_PASSWORD")));
        Assert.Equal((8, Value("CI_COMMIT_SHA")[..8]), (Value("CI_COMMIT_SHORT_SHA").Length, Value("CI_COMMIT_SHORT_SHA")));
        Assert.True((bool)variables["CI_REGISTRY_PASSWORD"]["masked"]! && !(bool)variables["CI_REGISTRY_PASSWORD"]["public"]!);
        Assert.Equal(job.Token, (string)payload["credentials"]![0]!["password"]!);
        var (status, token) = await RegistryToken(gitlab, job);
        Assert.Equal(200, status);
        Assert.Equal("""[{"type":"repository","name":"group/project","actions":["push","pull"]}]""",
            Claims(token!, gitlab.RegistryCertificate)["access"]!.ToJsonString());

        string Value(string key) => (string)variables[key]["value"]!;
    }

    [Fact]
    public async Task Outages_OfEachKind_EndWithNothingForgotten()
    {
        var runner = _gitlab.State.CreateRunner();
        var request = $$$"""{"token":"{{{runner.Token}}}"}""";

        await _gitlab.GoDown();
        await Assert.ThrowsAsync<HttpRequestException>(() => Post("/runners/verify", request));
        await _gitlab.ComeBack();
        Assert.Equal(200, (await Post("/runners/verify", request)).Status);

        _gitlab.Answer(CannedAnswer.BadGateway, times: 1);
        Assert.Equal(502, (await Post("/runners/verify", request)).Status);
        Assert.Equal(200, (await Post("/runners/verify", request)).Status);
        Assert.Equal([200, 502, 200], _gitlab.State.Requests.Select(received => received.Status));
    }

    [Fact]
    public async Task GitLab_OldRelease_HasNoCallForManagersOrCreation()
    {
        await using var old = await GitLabServer.Start(new() { Version = new(15, 11), RegisteredTokensHavePrefix = false });
        using var created = await _client.PostAsJsonAsync(new Uri(old.Url, "/api/v4/user/runners"), new JsonObject(), TestContext.Current.CancellationToken);
        using var registered = await _client.PostAsJsonAsync(new Uri(old.Url, "/api/v4/runners"), new JsonObject { ["token"] = "gitlabtoken" }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, created.StatusCode);
        Assert.Equal(20, Assert.Single(old.State.Runners).Token.Length);
    }

    private async Task<(int Status, string? Token)> RegistryToken(GitLabServer gitlab, Job job)
    {
        const string scopes = "scope=repository:group/project:push,pull,delete&scope=repository:other/project:pull";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gitlab.Url, "/jwt/auth?service=container_registry&" + scopes));
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("gitlab-ci-token:" + job.Token)));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return ((int)response.StatusCode, (string?)body["token"]);
    }

    private static JsonNode Claims(string token, string certificate)
    {
        var parts = token.Split('.');
        using var key = X509Certificate2.CreateFromPem(certificate).GetRSAPublicKey()!;
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
    }

    private Task<(int Status, JsonNode? Body)> Post(string path, string body) => Send(HttpMethod.Post, path, body);

    private Task<(int Status, JsonNode? Body)> Put(Job job, string status) =>
        Send(HttpMethod.Put, $"/jobs/{job.Id}", $$$"""{"token":"{{{job.Token}}}","state":"{{{status}}}"}""");

    private async Task<(int Status, JsonNode? Body)> Send(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, new Uri(_gitlab.Url, "/api/v4" + path))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    private async Task<int> Trace(Job job, string range, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(_gitlab.Url, $"/api/v4/jobs/{job.Id}/trace"))
        {
            Content = new StringContent(text, Encoding.ASCII, "text/plain"),
        };
        request.Headers.Add("JOB-TOKEN", job.Token);
        request.Content.Headers.TryAddWithoutValidation("Content-Range", range);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
