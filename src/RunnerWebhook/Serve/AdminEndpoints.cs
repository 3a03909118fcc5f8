using System.Globalization;
using System.Text;

namespace RunnerWebhook.Serve;

/// <summary>Health, on the admin port.</summary>
internal static class AdminEndpoints
{
    public const string Livez = "/livez";
    public const string Readyz = "/readyz";
    public const string Metrics = "/metrics";

    /// <summary>Maps <c>/livez</c> and <c>/readyz</c>.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet(Livez, (RequestDelegate)(context => context.Response.WriteAsync("ok\n", context.RequestAborted)));
        app.MapGet(Readyz, (RequestDelegate)Ready);
    }

    // The format of the API server's own /readyz?verbose.
    private static async Task Ready(HttpContext context)
    {
        var services = context.RequestServices;
        var certificate = services.GetRequiredService<ServingCertificate>();
        var configuration = services.GetRequiredService<ActiveConfiguration>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var isDraining = services.GetRequiredService<Draining>().IsOn;
        var isExpired = certificate.NotAfter <= now;
        var namespaces = services.GetRequiredService<NamespaceDirectory>();
        var lacksNamespaces = configuration.Injector.Configuration.WatchNamespaces && !namespaces.IsFilled;
        var isReady = !isDraining && !isExpired && !lacksNamespaces;
        var text = new StringBuilder();
        if (context.Request.Query.ContainsKey("verbose"))
        {
            Line(text, !isExpired, "certificate", Invariant($"valid until {certificate.NotAfter.UtcDateTime:u}"),
                certificate.Problem);
            Line(text, true, "configuration", $"revision {configuration.Injector.Revision}", configuration.Problem);
            if (configuration.Injector.Configuration.WatchNamespaces)
            {
                Line(text, !lacksNamespaces, "namespaces",
                    lacksNamespaces ? "not listed yet" : Invariant($"{namespaces.Count} known"), null);
            }

            Line(text, !isDraining, "serving", isDraining ? "stopping" : "taking requests", null);
        }

        text.Append(isReady ? "ok\n" : "not ready\n");
        context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private static void Line(StringBuilder text, bool isGood, string check, string state, string? problem)
    {
        text.Append(isGood ? problem is null ? "[+]" : "[!]" : "[-]").Append(check).Append(": ").Append(state);
        text.Append(problem is null ? "" : $"; the files were changed since and can't be used: {problem}").Append('\n');
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
