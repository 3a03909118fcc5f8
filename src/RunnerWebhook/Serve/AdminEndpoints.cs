using System.Text;
using RunnerWebhook.Health;

namespace RunnerWebhook.Serve;

/// <summary>Health, on the admin port.</summary>
internal static class AdminEndpoints
{
    public const string Livez = "/livez";
    public const string Readyz = "/readyz";
    public const string Status = "/status";
    public const string Metrics = "/metrics";

    /// <summary>Maps <c>/livez</c>, <c>/readyz</c> and <c>/status</c>. The process is alive as long as it answers: for
    /// anything else, a restart would only lose a server that still works.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet(Livez, (RequestDelegate)(context => context.Response.WriteAsync("ok\n", context.RequestAborted)));
        app.MapGet(Readyz, (RequestDelegate)Ready);
        app.MapGet(Status, (RequestDelegate)(async context =>
        {
            context.Response.ContentType = "application/json";
            var status = context.RequestServices.GetRequiredService<StatusDocument>();
            await context.Response.Body.WriteAsync(status.Write(), context.RequestAborted);
        }));
    }

    private static async Task Ready(HttpContext context)
    {
        var isReady = true;
        var text = new StringBuilder();
        foreach (var check in context.RequestServices.GetServices<IReadinessCheck>())
        {
            if (check.Judge() is { } result)
            {
                isReady &= result.IsReady;
                text.Append(result.Line(check.Name)).Append('\n');
            }
        }

        var verdict = isReady ? "ok\n" : "not ready\n";
        context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync(
            context.Request.Query.ContainsKey("verbose") ? text + verdict : verdict, context.RequestAborted);
    }
}
