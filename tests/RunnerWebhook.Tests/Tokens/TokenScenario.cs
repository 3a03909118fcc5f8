using System.Text.Json.Nodes;
using RunnerWebhook.FakeGitLab;
using RunnerWebhook.Tests.Cli;
using Xunit;

namespace RunnerWebhook.Tests.Tokens;

/// <summary>A fake GitLab and runs of <c>runner-webhook token</c> against it, without a cluster. After every run
/// no token is on standard error, nor on standard output unless a Secret was to be printed.</summary>
internal sealed class TokenScenario : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-token").FullName;

    private TokenScenario(GitLabServer gitlab)
    {
        GitLab = gitlab;
        Token = gitlab.State.IssueAccessToken();
    }

    public GitLabServer GitLab { get; }

    public GitLabState State => GitLab.State;

    /// <summary>The access token of the runs; an administrator's at first.</summary>
    public AccessToken Token { get; private set; }

    /// <summary>The last request of a method, its body as JSON.</summary>
    public (string Path, JsonNode? Body) Last(string method)
    {
        var request = State.Requests.Last(received => received.Method == method);
        return (request.Path, request.Body.Length > 0 ? JsonNode.Parse(request.Body) : null);
    }

    public static async Task<TokenScenario> Start(GitLabOptions? options = null) => new(await GitLabServer.Start(options));

    /// <summary>Uses another user's access token from now on.</summary>
    public void ActAs(AccessToken token) => Token = State.IssueAccessToken(token);

    public string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs <c>token VERB</c> with the URL and the access token.</summary>
    public Task<CommandRun> Run(string verb, params string[] arguments) => RunWith(null, [],
        [verb, "--url", GitLab.Url.ToString(), "--access-token-file", Write("access-token", Token.Value + "\n"), .. arguments]);

    /// <summary>Runs <c>token …</c> with no option but those given.</summary>
    public async Task<CommandRun> RunWith(Func<string, bool, string>? ask, Dictionary<string, string> environment,
        params string[] arguments)
    {
        // A developer's own cluster is never meant.
        string[] all = ["token", .. arguments, "--kubeconfig", Path.Combine(_folder, "no-kubeconfig")];
        var tokens = State.Runners.Select(runner => runner.Token).Append(Token.Value).ToList();
        var run = await CommandRun.With(
            terminal => terminal with { Ask = ask, Environment = environment.GetValueOrDefault }, "", all);
        tokens.AddRange(State.Runners.Select(runner => runner.Token));
        Assert.All(tokens, token => Assert.DoesNotContain(token, run.Error));
        var prints = all.Contains("--print") || all.Contains("-o=yaml") || all.Contains("-o=json");
        Assert.All(prints ? [] : tokens, token => Assert.DoesNotContain(token, run.Output));
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        await GitLab.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
