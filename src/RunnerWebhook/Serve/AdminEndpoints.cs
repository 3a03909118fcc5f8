using System.Text;

namespace RunnerWebhook.Serve;

/// <summary>Health, on the admin port.</summary>
internal static class AdminEndpoints
{
    public const string Livez = "/livez";
    public const string Readyz = "/readyz";
    public const string Metrics = "/metrics";

    /// <summary>Maps <c>/livez</c> and <c>/readyz</c>. The process is alive as long as it answers: whatever else is
    /// wrong, a restart would only lose what can still serve.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet(Livez, (RequestDelegate)(context => context.Response.WriteAsync("ok\n", context.RequestAborted)));
        app.MapGet(Readyz, (RequestDelegate)Ready);
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
