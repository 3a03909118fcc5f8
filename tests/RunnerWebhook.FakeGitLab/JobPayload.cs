using System.Text.Json.Nodes;

namespace RunnerWebhook.FakeGitLab;

/// <summary>A job as it is handed to gitlab-runner: one step, no sources, no artifacts.</summary>
internal static class JobPayload
{
    public static JsonObject Of(Job job) => new()
    {
        ["id"] = job.Id,
        ["token"] = job.Token,
        ["allow_git_fetch"] = false,
        ["job_info"] = new JsonObject
        {
            ["id"] = job.Id,
            ["name"] = "job",
            ["stage"] = "test",
            ["project_id"] = 1,
            ["project_name"] = "project",
        },
        ["git_info"] = new JsonObject
        {
            ["repo_url"] = "http://127.0.0.1/group/project.git",
            ["ref"] = "main",
            ["ref_type"] = "branch",
            ["sha"] = "0000000000000000000000000000000000000001",
            ["before_sha"] = "0000000000000000000000000000000000000000",
            ["refspecs"] = new JsonArray(),
            ["depth"] = 1,
        },
        ["runner_info"] = new JsonObject
        {
            ["timeout"] = 3600,
            ["runner_session_url"] = null
        },
        ["variables"] = new JsonArray(Variable("GIT_STRATEGY", "none"), Variable("CI_JOB_NAME", "job")),
        ["steps"] = new JsonArray(new JsonObject
        {
            ["name"] = "script",
            ["script"] = Json.Strings(job.Script),
            ["timeout"] = 3600,
            ["when"] = "on_success",
            ["allow_failure"] = false,
        }),
        ["image"] = job.Image.Length == 0 ? null : new JsonObject { ["name"] = job.Image },
        ["services"] = new JsonArray(),
        ["artifacts"] = new JsonArray(),
        ["cache"] = new JsonArray(),
        ["credentials"] = new JsonArray(),
        ["dependencies"] = new JsonArray(),
        ["features"] = new JsonObject { ["trace_sections"] = true },
    };

    private static JsonObject Variable(string key, string value) => new()
    {
        ["key"] = key,
        ["value"] = value,
        ["public"] = true,
        ["masked"] = false,
    };
}
