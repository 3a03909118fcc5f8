
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
            // Where there is no answer, this has failed and still ends well.
            Console.Error.WriteLine(answer switch
            {
                null => "Verifying runner... error",
                { IsSuccess: true } => $"Verifying runner... is {(runner.Token.StartsWith("glrt-", StringComparison.Ordinal) ? "valid" : "alive")}  runner={Shown(runner.Token)}",
                _ => $"Verifying runner... is not valid  runner={Shown(runner.Token)}",
            });
            isRefused |= answer is { Status: System.Net.HttpStatusCode.Forbidden };
        }

        return isRefused ? throw new FatalException("Failed to verify runners") : 0;
    }

    // Old ones print the whole of it.
    private static string Shown(string token) => RunnerVersion.IsAtLeast(14, 0) ? token[..Math.Min(9, token.Length)] : token;
}
