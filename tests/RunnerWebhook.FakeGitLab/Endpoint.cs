using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RunnerWebhook.FakeGitLab;

/// <summary>Maps calls under <c>/api/v4</c>.</summary>
internal static class Endpoint
{
    public static void On(this WebApplication app, string method, string path, Func<HttpContext, Parameters, IResult> answer) =>
        app.MapMethods("/api/v4" + path, [method],
            Handler(context => answer(context, Parameters.Read(context.Request, context.BodyText()))));

    /// <summary>For any other delegate ASP.NET compiles code, each time a server starts.</summary>
    public static RequestDelegate Handler(Func<HttpContext, IResult> answer) => context => answer(context).ExecuteAsync(context);

    public static string BodyText(this HttpContext context) => (string)context.Items["body"]!;

    public static IResult Ok(JsonObject body) => Result(200, Json.Text(body));

    public static IResult Created(JsonObject body) => Result(201, Json.Text(body));

    public static IResult NoContent() => Results.StatusCode(204);

    public static IResult Result(int status, string body) => Results.Text(body, "application/json", Encoding.UTF8, status);
}
