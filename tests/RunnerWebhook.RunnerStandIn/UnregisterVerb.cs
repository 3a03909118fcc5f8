using System.Text.Json.Nodes;

namespace RunnerWebhook.RunnerStandIn;

/// <summary><c>unregister --all-runners</c>.</summary>
internal static class UnregisterVerb
{
    public static async Task<int> Run(Flags flags)
    {
        if (!flags.Is("all-runners"))
        {
            throw new NotModelledException("unregister without --all-runners");
        }

        var config = ConfigFile.Load(ConfigFile.Locate(flags));
        if (config.Runners.Count == 0)
        {
            return 0;
        }

        var systemId = SystemId.Of(config);
        var before = config.Runners.Count;
        foreach (var runner in config.Runners.ToArray())
        {
            if (await Delete(runner.Url, (runner.Token, runner.Name), systemId))
            {
                config.Runners.Remove(runner);
            }
        }

        if (config.Runners.Count == before)
        {
            return 0;
        }

        try
        {
            config.Save();
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FatalException($"Failed to update {config.Path}: {e.Message}");
        }
    }

    /// <summary>Takes a runner out of GitLab, or, of one that was created there, only its manager; runners before 16.0 don't
    /// know the difference. What fails is logged and kept.</summary>
    public static async Task<bool> Delete(string url, (string Token, string Name) runner, string systemId)
    {
        var isManager = runner.Token.StartsWith("glrt-", StringComparison.Ordinal) && RunnerVersion.IsAtLeast(16, 0);
        var body = new JsonObject { ["token"] = runner.Token };
        if (isManager)
        {
            body["system_id"] = systemId;
        }

        var answer = await GitLabApi.Send("DELETE", url, isManager ? "/runners/managers" : "/runners", body);
        var isDone = answer is { IsSuccess: true };
        RegisterVerb.Print(!isDone, $"Unregistering runner {(isManager ? "manager " : "")}from GitLab", answer switch
        {
            { IsSuccess: true } => "succeeded",
            { Status: System.Net.HttpStatusCode.Forbidden } => "forbidden",
            _ => "failed",
        }, runner, answer);
        return isDone;
    }
}
