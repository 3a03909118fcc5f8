using System.Net;

namespace RunnerWebhook.RunnerStandIn;

/// <summary><c>verify</c>: asks GitLab whether it knows the runners.</summary>
internal static class VerifyVerb
{
    public static async Task<int> Run(Flags flags)
    {
        var config = ConfigFile.Load(ConfigFile.Locate(flags));
        var (url, token) = (flags.Text("url"), flags.Text("token"));
        var wanted = config.Runners.Where(runner => (url.Length == 0 || runner.Url == url) && (token.Length == 0 || runner.Token == token)).ToArray();
        if (wanted.Length == 0 && url.Length + token.Length > 0)
        {
            throw new FatalException("no runner matches the filtering parameters");
        }

        var systemId = wanted.Length > 0 ? SystemId.Of(config) : "";
        var isRefused = false;
        foreach (var runner in wanted)
        {
            var answer = await GitLabApi.Send("POST", runner.Url, "/runners/verify",
                new() { ["token"] = runner.Token, ["system_id"] = systemId, ["info"] = GitLabApi.Info() });
            Print((runner.Token, runner.Name), answer);
            isRefused |= answer is { Status: HttpStatusCode.Forbidden };
        }

        return isRefused ? throw new FatalException("Failed to verify runners") : 0;
    }

    /// <summary>The result in gitlab-runner's words. All failures but a refusal count as success in the end.</summary>
    public static void Print((string Token, string Name) runner, ApiAnswer? answer)
    {
        var isCreated = runner.Token.StartsWith("glrt-", StringComparison.Ordinal) && RunnerVersion.IsAtLeast(15, 10);
        var (isError, result) = answer switch
        {
            { IsSuccess: true } => (false, isCreated ? "is valid" : "is alive"),
            { Status: HttpStatusCode.Forbidden } => (!isCreated, isCreated ? "is not valid" : "is removed"),
            _ => (true, "failed"),
        };
        RegisterVerb.Print(isError, "Verifying runner...", result, runner, answer);
    }
}
