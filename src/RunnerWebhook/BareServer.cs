namespace RunnerWebhook;

/// <summary>Web servers that read nothing but what they are given. ASP.NET's own builders read appsettings.json of the folder in
/// which the program is started, which can open further ports.</summary>
internal static class BareServer
{
    /// <summary>A builder with Kestrel and routing.</summary>
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        return builder;
    }
}
