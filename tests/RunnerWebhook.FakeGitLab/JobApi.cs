using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RunnerWebhook.FakeGitLab;

/// <summary>What gitlab-runner calls to get jobs, and about those it has.</summary>
internal static class JobApi
{
    public static void Map(WebApplication app, GitLabState state, GitLabOptions options)
    {
        app.On("POST", "/jobs/request", (context, parameters) =>
        {
            var token = parameters.Required("token");
            var systemId = parameters.Optional("system_id") ?? "";
            parameters.EnsureValid();
            var runner = RunnerApi.Authenticate(state, token);
            RunnerApi.Contact(state, runner, systemId, parameters);
            return state.Take(runner, systemId) is { } job ? Endpoint.Created(JobPayload.Of(job, options.Registry)) : Endpoint.NoContent();
        });
        app.On("PUT", "/jobs/{id:long}", (context, parameters) =>
        {
            var token = parameters.Required("token");
            var status = parameters.OneOf("state", "running", "success", "failed") ?? "running";
            var reason = parameters.Optional("failure_reason") ?? "";
            parameters.EnsureValid();
            var job = Running(context, state, token);
            state.Change(job.Id, current => current with { Status = status, FailureReason = status == "failed" ? reason : "" });
            context.Response.Headers["Job-Status"] = status;
            return Endpoint.Result(200, "200");
        });
        app.MapPatch("/api/v4/jobs/{id:long}/trace", Endpoint.Handler(context =>
        {
            var job = Running(context, state, context.Request.Headers["JOB-TOKEN"].ToString());
            var range = context.Request.Headers.ContentRange.ToString();
            var start = range.Length == 0
                ? throw RefusalException.Invalid(400, "400 Missing header Content-Range")
                : range.Split('-')[0];
            // Offsets count bytes of the log; tests' logs are ASCII.
            var length = job.Trace.Length.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["Job-Status"] = job.Status;
            if (start != length)
            {
                context.Response.Headers["Range"] = "0-" + length;
                return Endpoint.Result(416, """{"error":"416 Range Not Satisfiable"}""");
            }

            job = state.Change(job.Id, current => current with { Trace = current.Trace + context.BodyText() });
            context.Response.Headers["Range"] = string.Create(CultureInfo.InvariantCulture, $"0-{job.Trace.Length}");
            context.Response.Headers["X-GitLab-Trace-Update-Interval"] = "3";
            return Endpoint.Result(202, "202");
        }));
    }

    private static Job Running(HttpContext context, GitLabState state, string token)
    {
        var id = long.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        var job = state.Jobs.FirstOrDefault(candidate => candidate.Id == id) ?? throw RefusalException.NotFound("Job");
        if (job.Token != token)
        {
            throw RefusalException.Forbidden();
        }

        if (job.Status != "running")
        {
            context.Response.Headers["Job-Status"] = job.Status;
            throw RefusalException.Forbidden("Job is not running");
        }

        return job;
    }
}
