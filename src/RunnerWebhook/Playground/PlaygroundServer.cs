using System.Net;
using System.Text;
using System.Text.Json;

namespace RunnerWebhook.Playground;

/// <summary>Serves the playground on loopback. It stores and logs nothing of what is tried.</summary>
internal static class PlaygroundServer
{
    // A manifest of the most that etcd stores, and a configuration of the most that a ConfigMap holds, as JSON strings.
    private const int MaxBodyBytes = 4 * 1024 * 1024;

    /// <summary>Builds the server; nothing listens yet.</summary>
    /// <param name="port">The port; 0 for any that is free.</param>
    public static WebApplication Build(int port)
    {
        var builder = BareServer.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        var page = PlaygroundPage.Load();
        app.Run(context => Answer(context, page));
        return app;
    }

    private static Task Answer(HttpContext context, PlaygroundPage page)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = page.Policy;
        if (!IsOwn(request))
        {
            // Another site's page may reach this port by a name of its own that resolves to 127.0.0.1.
            return Text(context, StatusCodes.Status403Forbidden, "open the playground as http://127.0.0.1:PORT/");
        }

        return (request.Path.Value, request.Method) switch
        {
            ("/", "GET" or "HEAD") => Html(context, page),
            ("/try", "POST") => Try(context),
            ("/" or "/try", _) => Text(context, StatusCodes.Status405MethodNotAllowed, "use GET / or POST /try"),
            _ => Text(context, StatusCodes.Status404NotFound, "there is only /"),
        };
    }

    private static bool IsOwn(HttpRequest request)
    {
        var own = request.Host.Host is "127.0.0.1" or "localhost"
            && request.Host.Port == request.HttpContext.Connection.LocalPort;
        var origin = request.Headers.Origin;
        return own && (origin.Count == 0 || origin == $"http://{request.Host}");
    }

    private static async Task Try(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            await Text(context, StatusCodes.Status415UnsupportedMediaType, "the body must be application/json");
            return;
        }

        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            if (Field(body.RootElement, "manifest") is not { } manifest
                || Field(body.RootElement, "configuration") is not { } configuration)
            {
                await Text(context, StatusCodes.Status400BadRequest, "the body must have manifest and configuration");
                return;
            }

            var answer = PlaygroundTrial.Run(manifest, configuration);
            context.Response.ContentType = "application/json; charset=utf-8";
            await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
        }
        catch (JsonException)
        {
            await Text(context, StatusCodes.Status400BadRequest, "the body is no JSON");
        }
        catch (BadHttpRequestException e)
        {
            await Text(context, e.StatusCode, "the body can't be read; at most 4 MiB are");
        }
    }

    private static string? Field(JsonElement json, string name)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text.
            return null;
        }
    }

    private static Task Html(HttpContext context, PlaygroundPage page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask : context.Response.WriteAsync(page.Html, context.RequestAborted);
    }

    private static Task Text(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", Encoding.UTF8, context.RequestAborted);
    }
}
