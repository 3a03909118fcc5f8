using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RunnerWebhook.Tests.Cli;
using Xunit;

namespace RunnerWebhook.Tests.Kubernetes;

/// <summary>Commands against an address that is not of an API server.</summary>
public sealed class StrangeServerTests
{
    private static readonly string[] Answers =
    [
        "{}", "[]", "null", "1", "\"x\"", "", "<html>", """{"items":null}""", """{"items":[1]}""", """{"gitVersion":7}""",
        """{"kind":"Status","code":99999999999999}""", """{"metadata":[],"items":{}}""",
    ];

    private static readonly string[] Commands =
    [
        "check", "check -A", "check --pre", "check --outdated", "support-bundle -o -", "token list --url https://gitlab.example.com",
        "token remove x --url https://gitlab.example.com",
    ];

    public static MatrixTheoryData<string, string> Cases { get; } = new(Answers, Commands);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Command_OfAnAddressThatIsNoApiServer_EndsWithASentence(string answer, string command)
    {
        var run = await Ask(answer, command);

        Assert.InRange(run.ExitCode, 1, 2);
        Assert.DoesNotContain("bug", run.Error + run.Output);
        Assert.DoesNotContain("   at ", run.Error + run.Output);
    }

    [Fact]
    public async Task Check_OfAListThatNeverEnds_Ends()
    {
        var run = await Ask("""
            {"gitVersion":"v1.34.1","metadata":{"resourceVersion":"1","continue":"again"},"items":[]}
            """, "check");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("? nodes          the nodes could not be checked: http://127.0.0.1:", run.Output);
        Assert.Contains("with JSON that is not of Kubernetes: is it the address of the API server itself?\n", run.Output);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(403)]
    public async Task Check_OfAnAnswerThatNeverEnds_Ends(int status)
    {
        var run = await Ask(async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("{\"a\":\"");
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[65536]);
            }
        }, "check --pre");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("can't be reached: its answer is too long", run.Output + run.Error);
    }

    private static Task<CommandRun> Ask(string answer, string command) => Ask(context => context.Response.WriteAsync(answer), command);

    private static async Task<CommandRun> Ask(RequestDelegate answer, string command)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapFallback(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var folder = Directory.CreateTempSubdirectory("runner-webhook-strange");
        var kubeconfig = await Write(folder, app.Urls.Single());

        var run = await CommandRun.Of([.. command.Split(' '), "--kubeconfig", kubeconfig]);

        folder.Delete(recursive: true);
        return run;
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("file:///etc/passwd")]
    public async Task Command_OfAServerThatIsNoWebAddress_NamesIt(string server)
    {
        var folder = Directory.CreateTempSubdirectory("runner-webhook-strange");

        var run = await CommandRun.Of("check", "--kubeconfig", await Write(folder, server));

        folder.Delete(recursive: true);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("the server of cluster 'x' must be an http or https ", run.Error);
    }

    /// <summary>Nothing listens there, so the message names the address.</summary>
    [Theory]
    [InlineData("check", 1)]
    [InlineData("check -o json", 1)]
    [InlineData("check --pre", 1)]
    [InlineData("check --pre -o json", 1)]
    [InlineData("token list --url https://gitlab.example.com", 1)]
    public async Task Command_OfAnAddressWithCredentials_DoesNotShowThem(string command, int exitCode)
    {
        var folder = Directory.CreateTempSubdirectory("runner-webhook-strange");
        var kubeconfig = await Write(folder, "http://me:PLANTED@127.0.0.1:1/?access_token=PLANTED");

        var run = await CommandRun.With(terminal => terminal with { Environment = name => name == "GITLAB_TOKEN" ? "PLANTED" : null }, "",
            [.. command.Split(' '), "--kubeconfig", kubeconfig]);

        folder.Delete(recursive: true);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.DoesNotContain("PLANTED", run.Output + run.Error);
    }

    private static async Task<string> Write(DirectoryInfo folder, string server)
    {
        var file = Path.Combine(folder.FullName, "kubeconfig");
        await File.WriteAllTextAsync(file, $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"x","clusters":[{"name":"x","cluster":{"server":"{{{server}}}"}}],
             "users":[{"name":"x","user":{"token":"t"}}],"contexts":[{"name":"x","context":{"cluster":"x","user":"x"}}]}
            """);
        return file;
    }
}
