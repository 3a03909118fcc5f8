using System.Text.Json.Nodes;

namespace RunnerWebhook.FakeGitLab;

/// <summary>A job as it is handed to gitlab-runner: one step, no sources, no artifacts.</summary>
internal static class JobPayload
{
    private const string Sha = "0000000000000000000000000000000000000001";

    /// <param name="job">The job.</param>
    /// <param name="registry">Host and port of the container registry; empty for none.</param>
    public static JsonObject Of(Job job, string registry) => new()
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
            ["repo_url"] = $"http://127.0.0.1/{GitLabState.ProjectOfJobs}.git",
            ["ref"] = "main",
            ["ref_type"] = "branch",
            ["sha"] = Sha,
            ["before_sha"] = "0000000000000000000000000000000000000000",
            ["refspecs"] = new JsonArray(),
            ["depth"] = 1,
        },
        ["runner_info"] = new JsonObject
        {
            ["timeout"] = 3600,
            ["runner_session_url"] = null
        },
        ["variables"] = new JsonArray([.. Variables(job, registry)]),
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
        ["credentials"] = registry.Length == 0 ? new JsonArray() : new JsonArray(new JsonObject
        {
            ["type"] = "registry",
            ["url"] = registry,
            ["username"] = GitLabState.UserOfJobs,
            ["password"] = job.Token,
        }),
        ["dependencies"] = new JsonArray(),
        ["features"] = new JsonObject { ["trace_sections"] = true },
    };

    // Of GitLab's predefined variables those that jobs of this kind read.
    private static JsonObject[] Variables(Job job, string registry)
    {
        JsonObject[] all =
        [
            Variable("CI", "true"), Variable("GITLAB_CI", "true"), Variable("GIT_STRATEGY", "none"), Variable("CI_JOB_NAME", "job"),
            Variable("CI_PROJECT_PATH", GitLabState.ProjectOfJobs), Variable("CI_COMMIT_SHA", Sha),
            Variable("CI_COMMIT_SHORT_SHA", Sha[..8]), Variable("CI_JOB_TOKEN", job.Token, isSecret: true),
        ];
        return registry.Length == 0 ? all :
        [
            .. all, Variable("CI_REGISTRY", registry), Variable("CI_REGISTRY_IMAGE", $"{registry}/{GitLabState.ProjectOfJobs}"),
            Variable("CI_REGISTRY_USER", GitLabState.UserOfJobs), Variable("CI_REGISTRY_PASSWORD", job.Token, isSecret: true),
        ];
    }

    private static JsonObject Variable(string key, string value, bool isSecret = false) => new()
    {
        ["key"] = key,
        ["value"] = value,
        ["public"] = !isSecret,
        ["masked"] = isSecret,
    };
}
