using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.FakeGitLab;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary><c>runner-webhook token</c> as a user runs it, against a real API server and the fake GitLab.</summary>
public sealed class TokenTests(Cluster cluster) : IAsyncLifetime
{
    private GitLabServer _gitlab = null!;
    private CommandProcess _shell = null!;
    private string _space = "";

    private string Create => $"runner-webhook token create --url {_gitlab.Url} --description Docker -n {_space}";

    public async ValueTask InitializeAsync()
    {
        cluster.Require();
        _gitlab = await GitLabServer.Start();
        _shell = new(cluster);
        _shell.Set("GITLAB_TOKEN", _gitlab.State.IssueAccessToken().Value);
        _space = await cluster.CreateNamespace();
    }

    public async ValueTask DisposeAsync()
    {
        if (_gitlab is not null)
        {
            _shell.Dispose();
            await _gitlab.DisposeAsync();
        }
    }

    [Fact]
    public async Task Create_Twice_WritesTheSecretOnce()
    {
        var first = await Run(Create);
        var secret = await Secret();
        var second = await Run(Create);

        var runner = Assert.Single(_gitlab.State.Runners);
        Assert.Equal($"runner-webhook: created runner {runner.Id} 'Docker' of the instance\n"
            + $"runner-webhook: wrote its token into Secret {_space}/gitlab-runner-token, key token\n", first.Error);
        Assert.Equal(runner.Token, Data(secret, "token"));
        Assert.Equal("runner-webhook", (string)secret["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]!);
        Assert.Equal($"{runner.Id}", (string)secret["metadata"]!["annotations"]!["gitlab-runner/runner-id"]!);
        Assert.Equal($"runner-webhook: runner {runner.Id} 'Docker' already exists, and so does Secret {_space}/gitlab-runner-token: nothing to do\n", second.Error);
        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Equal(secret.ToJsonString(), (await Secret()).ToJsonString());
    }

    [Fact]
    public async Task Create_SecretLost_PointsToRotateWhichBringsItBack()
    {
        await Run(Create);
        var before = Assert.Single(_gitlab.State.Runners);
        await cluster.Kubectl.Run("delete", "secret", "gitlab-runner-token", "-n", _space);

        var again = await Run(Create);
        var rotated = await Run($"runner-webhook token rotate --url {_gitlab.Url} --id {before.Id} -n {_space}");

        var after = Assert.Single(_gitlab.State.Runners);
        Assert.Equal((1, 0), (again.ExitCode, rotated.ExitCode));
        Assert.Contains($"GitLab shows a token only once: give the runner a new one with runner-webhook token rotate --id {before.Id}\n", again.Error);
        Assert.NotEqual(before.Token, after.Token);
        Assert.Equal(after.Token, Data(await Secret(), "token"));
        Assert.Equal(0, (await Run(Create)).ExitCode);
    }

    [Fact]
    public async Task Create_SecretOfSomebodyElse_IsOverwrittenByForceOnly()
    {
        await cluster.Kubectl.Run("create", "secret", "generic", "gitlab-runner-token", "--from-literal=token=mine", "--from-literal=more=kept", "-n", _space);

        var refused = await Run(Create);
        Assert.Equal((1, "mine"), (refused.ExitCode, Data(await Secret(), "token")));
        Assert.Equal($"runner-webhook: Secret {_space}/gitlab-runner-token exists, and runner-webhook did not create it: "
            + "name another with --secret-name, or overwrite it with --force\n", refused.Error);
        Assert.Empty(_gitlab.State.Runners);

        var forced = await Run(Create + " --force");
        Assert.Equal("", forced.ExitCode == 0 ? "" : forced.Error);
        Assert.Equal((Assert.Single(_gitlab.State.Runners).Token, "kept"), (Data(await Secret(), "token"), Data(await Secret(), "more")));
    }

    [Fact]
    public async Task Create_SecretOfAnotherRunner_IsKeptWhileThatRunnerIsThere()
    {
        await Run(Create);
        var first = Assert.Single(_gitlab.State.Runners);
        var other = Create.Replace("Docker", "Other", StringComparison.Ordinal);

        var refused = await Run(other);
        _gitlab.State.DeleteRunner(first.Id);
        var taken = await Run(other);

        Assert.Contains($"keeps the token of runner {first.Id} of {_gitlab.Url}: name another with --secret-name", refused.Error);
        Assert.Equal((1, 0), (refused.ExitCode, taken.ExitCode));
        Assert.Equal(Assert.Single(_gitlab.State.Runners).Token, Data(await Secret(), "token"));
    }

    [Fact]
    public async Task Create_SecretAppearsMeanwhile_IsLeftAndTheRunnerRemovedAgain()
    {
        _gitlab.Received = async (method, _) =>
        {
            if (method == "POST")
            {
                await cluster.Kubectl.Run("create", "secret", "generic", "gitlab-runner-token", "--from-literal=token=mine", "-n", _space);
            }
        };

        var run = await Run(Create);

        Assert.Equal((1, "mine"), (run.ExitCode, Data(await Secret(), "token")));
        Assert.Empty(_gitlab.State.Runners);
        Assert.Contains(" was removed again: correct that, and repeat the command\n", run.Error);
    }

    [Fact]
    public async Task Create_GitLabDiesAfterIt_SaysHowToCleanUp()
    {
        _gitlab.Received = async (method, _) =>
        {
            if (method == "POST")
            {
                await cluster.Kubectl.Run("create", "secret", "generic", "gitlab-runner-token", "--from-literal=token=mine", "-n", _space);
            }

            if (method == "DELETE")
            {
                throw new RefusalException(503, "{}");
            }
        };

        var run = await Run(Create);

        var runner = Assert.Single(_gitlab.State.Runners);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"; runner {runner.Id} could not be removed again (deleting runner {runner.Id}: ", run.Error);
        Assert.EndsWith($"remove it with runner-webhook token remove --id {runner.Id}, then repeat the command\n", run.Error);
    }

    [Fact]
    public async Task Create_WithoutRightsOrNamespace_MakesNoRunner()
    {
        var token = await cluster.Kubectl.Token(_space);
        var kubeconfig = _shell.Write("kubeconfig", $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"c",
             "clusters":[{"name":"c","cluster":{"server":"{{{cluster.Server}}}","certificate-authority-data":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(cluster.CaPem))}}}"}}],
             "users":[{"name":"c","user":{"token":"{{{token}}}"}}],"contexts":[{"name":"c","context":{"cluster":"c","user":"c"}}]}
            """);

        var rightless = await Run($"{Create} --kubeconfig {kubeconfig}");
        var nowhere = await Run(Create.Replace(_space, "nowhere", StringComparison.Ordinal));

        Assert.Equal((1, 1), (rightless.ExitCode, nowhere.ExitCode));
        Assert.Contains("a right is missing: secrets \"gitlab-runner-token\" is forbidden", rightless.Error);
        Assert.Contains("namespaces \"nowhere\" not found", nowhere.Error);
        Assert.Empty(_gitlab.State.Runners);
    }

    [Fact]
    public async Task Create_DryRun_WritesNothing()
    {
        var run = await Run(Create + " --dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"would create a runner 'Docker' of the instance at {_gitlab.Url}, and write its token into Secret {_space}/gitlab-runner-token, key token\n", run.Error);
        Assert.Empty(_gitlab.State.Runners);
        Assert.NotEqual(0, (await cluster.Kubectl.Run("get", "secret", "gitlab-runner-token", "-n", _space)).ExitCode);
    }

    [Fact]
    public async Task Rotate_SecretChangesMeanwhile_WritesAllTheSame()
    {
        await Run(Create);
        var runner = Assert.Single(_gitlab.State.Runners);
        _gitlab.Received = async (method, _) =>
        {
            if (method == "POST")
            {
                await cluster.Kubectl.Run("label", "secret", "gitlab-runner-token", "team=a", "-n", _space);
            }
        };

        var run = await Run($"runner-webhook token rotate --url {_gitlab.Url} --id {runner.Id} -n {_space}");

        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        var secret = await Secret();
        Assert.Equal((Assert.Single(_gitlab.State.Runners).Token, "a"), (Data(secret, "token"), (string)secret["metadata"]!["labels"]!["team"]!));
    }

    [Fact]
    public async Task Rotate_SecretGetsLocked_SaysThatTheTokenIsLost()
    {
        await Run(Create);
        var runner = Assert.Single(_gitlab.State.Runners);
        _gitlab.Received = async (method, _) =>
        {
            if (method == "POST")
            {
                await cluster.Kubectl.Run("patch", "secret", "gitlab-runner-token", "-n", _space, "-p", """{"immutable":true}""");
            }
        };

        var run = await Run($"runner-webhook token rotate --url {_gitlab.Url} --id {runner.Id} -n {_space}");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("field is immutable when `immutable` is set", run.Error);
        Assert.EndsWith($"the old token of runner {runner.Id} 'Docker' is dead and the new one is lost: correct that, and rotate again (runner-webhook token rotate --id {runner.Id})\n", run.Error);
    }

    [Fact]
    public async Task ListAndRemove_SecretThatIsTheRunners_IsMarkedAndDeleted()
    {
        await Run(Create);
        var runner = Assert.Single(_gitlab.State.Runners);
        var bystander = _gitlab.State.CreateRunner(new() { Description = "Bystander" });
        var remove = $"runner-webhook token remove --url {_gitlab.Url} -n {_space} --yes --description";

        var list = await Run($"runner-webhook token list --url {_gitlab.Url} -n {_space}");
        var other = await Run($"{remove} Bystander");
        var own = await Run($"{remove} Docker");
        var again = await Run($"{remove} Docker");

        Assert.Matches($"\n{runner.Id} +Docker .* {_space}/gitlab-runner-token\n{bystander.Id} +Bystander .* -\n", list.Output);
        Assert.Contains($"note: Secret {_space}/gitlab-runner-token stays: it does not say that it keeps this runner's token\n", other.Error);
        Assert.Equal($"runner-webhook: deleted runner {runner.Id} 'Docker'\nrunner-webhook: deleted Secret {_space}/gitlab-runner-token\n", own.Error);
        Assert.Contains("nothing to do", again.Error);
        Assert.Equal((0, 0, 0, 0), (list.ExitCode, other.ExitCode, own.ExitCode, again.ExitCode));
        Assert.NotEqual(0, (await cluster.Kubectl.Run("get", "secret", "gitlab-runner-token", "-n", _space)).ExitCode);
    }

    [Fact]
    public async Task Remove_RunnerGoneAlready_DeletesWhatIsLeft()
    {
        await Run(Create);
        _gitlab.State.DeleteRunner(Assert.Single(_gitlab.State.Runners).Id);

        var run = await Run($"runner-webhook token remove --url {_gitlab.Url} -n {_space} --yes --description Docker");

        Assert.Equal($"runner-webhook: deleted Secret {_space}/gitlab-runner-token\n", run.Error);
    }

    [Fact]
    public async Task AccessToken_TypedAtATerminal_IsNotEchoed()
    {
        _shell.Set("GITLAB_TOKEN", "");
        var token = _gitlab.State.IssueAccessToken().Value;

        var run = await _shell.RunAtTerminal($"runner-webhook token list --url {_gitlab.Url} -n {_space}", token);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains($"Access token for {_gitlab.Url}: ", run.Output);
        Assert.Contains("ID   DESCRIPTION", run.Output);
        Assert.DoesNotContain(token, run.Output);
    }

    [Fact]
    public async Task Documentation_EveryCommand_DoesWhatItSays()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Webhook.Repository, "src", "docs", "tokens.md"), TestContext.Current.CancellationToken);
        _gitlab.State.AddGroup("platform");
        _gitlab.State.AddProject("platform/shop");
        _shell.Write("access-token", _gitlab.State.IssueAccessToken().Value + "\n");
        _shell.Write("config.yaml", $$$"""
            apiVersion: runner-webhook/v1
            kind: Configuration
            profiles:
              default: {}
              nightly:
                register: {url: "{{{_gitlab.Url}}}", description: Nightly, tag-list: [night]}
                token: {secretName: nightly-token}
            """);
        var blocks = Blocks(text, "sh").Select(Here).ToArray();
        var outputs = Blocks(text, "text").ToArray();
        var runs = new List<CommandResult>();

        foreach (var block in blocks)
        {
            // What one block exports holds for those after it.
            runs.Add((await _shell.Run(string.Concat(blocks.Take(runs.Count).Where(earlier => earlier.StartsWith("export ", StringComparison.Ordinal))
                .Select(earlier => earlier.Split('\n')[0] + "\n")) + block)).Ensure());
        }

        Assert.Equal(7, runs.Count);
        Assert.Equal(Shape(Here(outputs[0])), Shape(runs[0].Error));
        Assert.Contains("wrote its token into Secret " + _space + "/nightly-token, key token\n", runs[1].Error);
        Assert.Contains("would create a runner 'Shop' of project platform/shop", runs[2].Error);
        Assert.Contains("created\n", runs[3].Output);
        Assert.Contains(Shape(outputs[1].Split('\n')[1]).Split(' ')[0], Shape(runs[4].Output));
        Assert.Equal(4, runs[4].Output.TrimEnd().Split('\n').Length);
        Assert.Equal(["Nightly", "Sealed"], _gitlab.State.Runners.Select(runner => runner.Attributes.Description));

        string Here(string block) => block.Replace("https://gitlab.example.com", _gitlab.Url.ToString(), StringComparison.Ordinal)
            .Replace("-n team-a", "-n " + _space, StringComparison.Ordinal)
            .Replace("--namespace team-a", "--namespace " + _space, StringComparison.Ordinal)
            .Replace("Secret team-a", "Secret " + _space, StringComparison.Ordinal);

        static string Shape(string output) => System.Text.RegularExpressions.Regex.Replace(output, "[0-9]+", "N");
    }

    private static IEnumerable<string> Blocks(string text, string language) => text.Split($"```{language}\n").Skip(1)
        .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]);

    private static string Data(JsonNode secret, string key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((string)secret["data"]![key]!));

    private Task<JsonNode> Secret() => cluster.Kubectl.Get(_space, "secret", "gitlab-runner-token");

    /// <summary>Runs a command and makes sure that it shows no token.</summary>
    private async Task<CommandResult> Run(string command)
    {
        var before = _gitlab.State.Runners;
        var run = await _shell.Run(command);
        Assert.All(before.Concat(_gitlab.State.Runners), runner => Assert.DoesNotContain(runner.Token, run.Output + run.Error));
        return run;
    }
}
