using System.Security.Cryptography.X509Certificates;
using System.Text;
using RunnerWebhook.Certificates;
using RunnerWebhook.FakeGitLab;
using RunnerWebhook.Tests.Cli;
using Xunit;

namespace RunnerWebhook.Tests.Tokens;

/// <summary>Every failure of GitLab ends in one sentence that says what was asked, what came back and what to do.</summary>
public sealed class TokenFailureTests
{
    [Fact]
    public async Task AccessToken_Unknown_IsToldAs401()
    {
        await using var scenario = await TokenScenario.Start();
        var file = scenario.Write("wrong", "glpat-wrong");

        var run = await scenario.RunWith(null, [], "list", "--url", $"{scenario.GitLab.Url}", "--access-token-file", file);

        Failed(scenario, run, "listing runners: URL answered 401 (401 Unauthorized): check that the access token is "
            + "complete, from this GitLab, and neither expired nor revoked");
    }

    [Fact]
    public async Task AccessToken_Revoked_IsToldAs401()
    {
        await using var scenario = await TokenScenario.Start();
        scenario.State.RevokeAccessToken(scenario.Token);

        Failed(scenario, await scenario.Run("list"), "listing runners: URL answered 401 (Token was revoked. You have to re-authorize "
            + "from the user.): check that the access token is complete, from this GitLab, and neither expired nor revoked");
    }

    [Fact]
    public async Task AccessToken_WithoutScope_NamesTheScopes()
    {
        await using var scenario = await TokenScenario.Start();
        scenario.ActAs(new() { Value = "glpat-reader", Scopes = ["read_api"], IsAdmin = true });

        Failed(scenario, await scenario.Run("create", "--description", "a", "--print"), "creating a runner of the instance: URL answered 403 "
            + "(The request requires higher privileges than provided by the access token.): make an access token with the scope api, or with create_runner");
    }

    [Theory]
    [InlineData(new string[0], "listing the runners of the instance: URL answered 403 (403 Forbidden): this needs an administrator's access token")]
    [InlineData(new[] { "--group", "platform" }, "listing the runners of group platform: URL answered 403 (403 Forbidden): this needs the access token of an owner of group platform")]
    [InlineData(new[] { "--project", "app" }, "listing the runners of project app: URL answered 403 (403 Forbidden): this needs the access token of a maintainer of project app")]
    [InlineData(new[] { "--group", "nowhere/x" }, "looking up group nowhere/x: URL answered 404 (404 Group Not Found): there is no group nowhere/x, or the user of the access token may not see it")]
    [InlineData(new[] { "--project", "99" }, "listing the runners of project 99: URL answered 404 (404 Project Not Found): there is no project 99, or the user of the access token may not see it")]
    public async Task User_WithoutRight_IsToldWhoHasIt(string[] owner, string expected)
    {
        await using var scenario = await TokenScenario.Start();
        scenario.State.AddGroup("platform");
        scenario.State.AddProject("app");
        scenario.ActAs(new() { Value = "glpat-nobody" });

        Failed(scenario, await scenario.Run("create", ["--description", "a", "--print", .. owner]), expected);
    }

    [Fact]
    public async Task Runner_GitLabRefuses_IsToldInGitLabsWords()
    {
        await using var scenario = await TokenScenario.Start();

        Failed(scenario, await scenario.Run("create", "--description", "a", "--print", "--run-untagged=false"),
            "creating a runner of the instance: URL answered 400 (400 Bad request - Tags list can not be empty when runner is not allowed "
            + "to pick untagged jobs): correct what it complains about");
    }

    [Fact]
    public async Task GitLab_Before16_IsTold()
    {
        await using var scenario = await TokenScenario.Start(new() { Version = new(15, 11) });

        Failed(scenario, await scenario.Run("create", "--description", "a", "--print"), "creating a runner of the instance: URL answered 404 "
            + "(404 Not Found): GitLab can create runners by its API since 16.0: upgrade it, or use a registration token");
    }

    public static TheoryData<int, string, string, string> Answers => new()
    {
        { 422, "application/json", """{"message":{"tag_list":["is too long","is odd"],"base":["no"]}}""", "answered 422 (tag_list: is too long, is odd; base: no): correct what it complains about" },
        { 400, "application/json", """{"error":"runner_type does not have a valid value"}""", "answered 400 (runner_type does not have a valid value): correct what it complains about" },
        { 400, "application/json", "{\"message\":\"red \\u001b[31m\\nline\"}", "answered 400 (red \\u001b[31m line): correct what it complains about" },
        { 400, "application/json", "null", "answered 400 (BadRequest): correct what it complains about" },
        { 400, "application/json", "[", "answered 400 (BadRequest): correct what it complains about" },
        { 409, "application/json", """{"message":"409 Conflict"}""", "answered 409 (409 Conflict): another request is changing it: try again" },
        { 500, "application/json", """{"message":"500 Internal Server Error"}""", "answered 500 (500 Internal Server Error): GitLab is not able to answer now: try again later" },
        { 502, "text/html", "<html>", "answered 502 (BadGateway): GitLab is not able to answer now: try again later" },
        { 404, "text/html", "<html>", "answered 404 with text/html instead of GitLab's JSON: is --url the address of GitLab itself, without a sign-in page or a proxy that answers instead?" },
        { 200, "text/html", "<html>", "answered 200 with text/html instead of GitLab's JSON: is --url the address of GitLab itself, without a sign-in page or a proxy that answers instead?" },
        { 200, "application/json", "{", "answered 200 with application/json instead of GitLab's JSON: is --url the address of GitLab itself, without a sign-in page or a proxy that answers instead?" },
        { 200, "application/json", "null", "answered 200 with application/json instead of GitLab's JSON: is --url the address of GitLab itself, without a sign-in page or a proxy that answers instead?" },
        { 200, "application/json", """[{"id":"x"}]""", "answered 200 with application/json instead of GitLab's JSON: is --url the address of GitLab itself, without a sign-in page or a proxy that answers instead?" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_OfEachKind_IsOneSentence(int status, string type, string body, string expected)
    {
        await using var scenario = await TokenScenario.Start();
        scenario.GitLab.Answer(new(status, type, body));

        Failed(scenario, await scenario.Run("list"), "listing runners: URL " + expected);
    }

    // The scenario checks that no output has the token.
    [Theory]
    [InlineData(401, """{"message":"{token} is expired"}""", "401 (*** is expired)")]
    [InlineData(400, """{"error":"invalid_token","error_description":"Token {token} was revoked"}""", "400 (Token *** was revoked)")]
    [InlineData(422, """{"message":{"base":["no","{token}"]}}""", "422 (base: no, ***)")]
    [InlineData(403, """{"error":"PRIVATE-TOKEN: {token}"}""", "403 (PRIVATE-TOKEN: ***)")]
    [InlineData(500, """{"message":"{padding}{token}"}""", "500 (xxx")]
    [InlineData(400, """{"message":"{base64} is none"}""", "400 (*** is none)")]
    public async Task Answer_ThatRepeatsTheToken_IsShownWithoutIt(int status, string body, string expected)
    {
        foreach (var token in new[] { "glpat-Zq3vXw9LkT5m", "Zq3vXw9LkT5m", "ourprefix-Zq3vXw9LkT5m" })
        {
            await using var scenario = await TokenScenario.Start();
            scenario.ActAs(new() { Value = token });
            scenario.GitLab.Answer(new(status, "application/json", body.Replace("{token}", token, StringComparison.Ordinal)
                .Replace("{base64}", Convert.ToBase64String(Encoding.UTF8.GetBytes(token)), StringComparison.Ordinal)
                .Replace("{padding}", new('x', 295), StringComparison.Ordinal)));

            var run = await scenario.Run("list");

            Assert.Contains($"answered {expected}", run.Error);
            Assert.DoesNotContain("Zq3v", run.Error);
            Assert.DoesNotContain(token[..5], run.Error);
        }
    }

    [Fact]
    public async Task Answer_RedirectWithTheToken_IsShownWithoutIt()
    {
        await using var scenario = await TokenScenario.Start();
        scenario.GitLab.Answer(new(302, "text/html", "") { Location = $"https://elsewhere.example/?private_token={scenario.Token.Value}" });

        Failed(scenario, await scenario.Run("list"), "listing runners: URL redirects to https://elsewhere.example/?private_token=***: "
            + "give that address as --url");
    }

    [Fact]
    public async Task Answer_Redirect_IsNotFollowed()
    {
        await using var scenario = await TokenScenario.Start();
        await using var elsewhere = await GitLabServer.Start();
        scenario.GitLab.Answer(new(301, "text/html", "") { Location = elsewhere.Url + "x" });

        Failed(scenario, await scenario.Run("list"), $"listing runners: URL redirects to {elsewhere.Url}x: give that address as --url");
        Assert.Empty(elsewhere.State.Requests);
    }

    [Fact]
    public async Task Answer_NullsAndStrangers_AreNoCrash()
    {
        await using var scenario = await TokenScenario.Start();
        scenario.GitLab.Answer(new(200, "application/json", """[null,{"id":7,"new":1}]"""), times: 1);

        var run = await scenario.Run("list");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("ID   DESCRIPTION", run.Output);
    }

    [Fact]
    public async Task TooManyRequests_ShortPause_IsWaitedFor()
    {
        await using var scenario = await TokenScenario.Start();
        scenario.GitLab.Answer(CannedAnswer.TooManyRequests(1), times: 1);

        var run = await scenario.Run("create", "--description", "a", "--print");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"{scenario.GitLab.Url} asks for a pause of 1 seconds: waiting\n", run.Error);
        Assert.Single(scenario.State.Runners);
    }

    [Theory]
    [InlineData("3600", " and asks for a pause of 3600 seconds")]
    [InlineData("", "")]
    public async Task TooManyRequests_LongPause_IsNotWaitedFor(string retryAfter, string asks)
    {
        await using var scenario = await TokenScenario.Start();
        scenario.GitLab.Answer(new(429, "text/plain", "Retry later", retryAfter));

        Failed(scenario, await scenario.Run("list"), $"listing runners: URL answered 429 (too many requests){asks}: try again later");
        Assert.Single(scenario.State.Requests);
    }

    [Fact]
    public async Task TooManyRequests_ForEver_EndsAfterThreePauses()
    {
        await using var scenario = await TokenScenario.Start();
        scenario.GitLab.Answer(CannedAnswer.TooManyRequests(0));

        var run = await scenario.Run("list");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(4, scenario.State.Requests.Length);
    }

    [Fact]
    public async Task GitLab_TooSlow_IsGivenUp()
    {
        await using var scenario = await TokenScenario.Start();
        scenario.GitLab.Delay = TimeSpan.FromSeconds(20);

        Failed(scenario, await scenario.Run("list", "--timeout", "1"),
            "listing runners: URL gave no answer within 1 seconds: try again, or wait longer with --timeout");
    }

    [Fact]
    public async Task GitLab_DiesWhileCreating_SaysThatItMayBeThere()
    {
        await using var scenario = await TokenScenario.Start();
        scenario.GitLab.Received = (method, _) => method == "POST"
            ? Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)
            : Task.CompletedTask;

        Failed(scenario, await scenario.Run("create", "--description", "a", "--print", "--timeout", "5"),
            "creating a runner of the instance: URL gave no answer within 5 seconds: try again, or wait longer with --timeout "
            + "(if it was created nonetheless, the next token create finds it)");
    }

    [Fact]
    public async Task GitLab_Away_IsTold()
    {
        await using var scenario = await TokenScenario.Start();
        await scenario.GitLab.GoDown();

        Failed(scenario, await scenario.Run("list"), "listing runners: URL can't be reached (Connection refused): check --url, and whether GitLab is up");
    }

    [Fact]
    public async Task Name_Unresolvable_IsTold()
    {
        await using var scenario = await TokenScenario.Start();
        // Too long a label for a question to any name server.
        var url = $"https://{new string('a', 64)}.example";

        var run = await scenario.RunWith(null, [], "list", "--url", url, "--access-token-file", scenario.Write("token", "glpat-x"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("can't be found, as the name ", run.Error);
    }

    [Fact]
    public async Task Tls_UnknownCa_IsToldAndMended()
    {
        var (now, day) = (TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1));
        using var authority = CertificateAuthority.Create(now, day);
        using var stranger = CertificateAuthority.Create(now, day);
        var pair = authority.IssueServing(["127.0.0.1"], now, day);
        using var certificate = X509Certificate2.CreateFromPem(pair.CertificatePem, pair.KeyPem);
        await using var scenario = await TokenScenario.Start(new() { Certificate = certificate });
        var ca = scenario.Write("ca.pem", authority.Pair.CertificatePem);
        var wrong = scenario.Write("wrong.pem", stranger.Pair.CertificatePem);

        var untrusted = await scenario.Run("list");
        var mistrusted = await scenario.Run("list", "--ca-file", wrong);
        var trusted = await scenario.Run("list", "--ca-file", ca);

        Assert.Matches(@"^runner-webhook: listing runners: https://\S+ can't be trusted \(.+\): name the CA of its certificate with --ca-file\n$", untrusted.Error);
        Assert.Contains("can't be trusted (", mistrusted.Error);
        Assert.Equal((1, 1, 0), (untrusted.ExitCode, mistrusted.ExitCode, trusted.ExitCode));
    }

    [Theory]
    [InlineData("", "there is no PEM certificate in it")]
    [InlineData(null, "Could not find file")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "")]
    public async Task CaFile_Unusable_IsTold(string? content, string expected)
    {
        await using var scenario = await TokenScenario.Start();
        var file = content is null ? "/nonexistent/ca.pem" : scenario.Write("ca.pem", content);

        var run = await scenario.Run("list", "--ca-file", file);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"runner-webhook: --ca-file {file}: ", run.Error);
        Assert.Contains(expected == "Could not find file" ? "Could not find" : expected, run.Error);
    }

    [Fact]
    public async Task Bytes_ThatAreNoHttp_AreTold()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var answer = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH\r\n"), TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);
        await using var scenario = await TokenScenario.Start();

        var run = await scenario.RunWith(null, [], "list", "--url", $"http://{listener.LocalEndpoint}",
            "--access-token-file", scenario.Write("token", "glpat-x"));
        await answer;

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(" broke the connection (", run.Error);
    }

    private static void Failed(TokenScenario scenario, CommandRun run, string sentence)
    {
        Assert.Equal($"runner-webhook: {sentence.Replace("URL", scenario.GitLab.Url.ToString(), StringComparison.Ordinal)}\n", run.Error);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
    }
}
