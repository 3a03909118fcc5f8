using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RunnerWebhook.Tests.Cli;

namespace RunnerWebhook.Tests.Check;

/// <summary>An API server in memory, over plain HTTP on loopback: objects by path, lists with selectors, logs, the proxy to
/// pods, dry runs answered as the webhook would, and missing rights.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-cluster").FullName;
    private readonly ConcurrentDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private FakeCluster(WebApplication app) => _app = app;

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public string Version { get; set; } = "v1.34.1";

    /// <summary>The Status with which a labelled Pod without containers is refused; null if the API server accepts it.</summary>
    public JsonObject? Probe { get; set; }

    /// <summary>Parts of paths that may not be read.</summary>
    public HashSet<string> Forbidden { get; } = [];

    /// <summary>Logs by pod and container, and answers of <c>/readyz</c> by pod.</summary>
    public Dictionary<string, string> Texts { get; } = [];

    public static async Task<FakeCluster> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var cluster = new FakeCluster(app);
        app.MapFallback((RequestDelegate)cluster.Answer);
        await app.StartAsync();
        await File.WriteAllTextAsync(cluster.Kubeconfig, $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"fake",
             "clusters":[{"name":"fake","cluster":{"server":"{{{app.Urls.Single()}}}"}}],
             "users":[{"name":"fake","user":{"token":"kubeconfig-s3cr3t"}}],
             "contexts":[{"name":"fake","context":{"cluster":"fake","user":"fake","namespace":"team-a"}}]}
            """);
        return cluster;
    }

    /// <summary>Stores an object at <c>api/v1/namespaces/a/pods/b</c> and the like.</summary>
    public JsonObject Put(string path, string json) => Put(path, JsonNode.Parse(json)!.AsObject());

    public JsonObject Put(string path, JsonObject json)
    {
        var segments = path.Split('/');
        var metadata = json["metadata"] as JsonObject ?? [];
        json["metadata"] = metadata;
        metadata["name"] ??= segments[^1];
        if (Array.IndexOf(segments, "namespaces") is >= 0 and var at && at + 2 < segments.Length - 1)
        {
            metadata["namespace"] ??= segments[at + 1];
        }

        return _objects["/" + path] = json;
    }

    public JsonObject Get(string path) => _objects["/" + path];

    public void Delete(string path) => _objects.TryRemove("/" + path, out _);

    /// <summary>Deletes all objects of a collection.</summary>
    public void Clear(string collection)
    {
        foreach (var path in _objects.Keys.Where(path => path.StartsWith($"/{collection}/", StringComparison.Ordinal)))
        {
            _objects.TryRemove(path, out _);
        }
    }

    /// <summary>Runs the command line against it.</summary>
    public Task<CommandRun> Run(params string[] arguments) => CommandRun.With(
        terminal => terminal with { Environment = name => name == "PATH" ? ProgramPath : Environment.GetEnvironmentVariable(name) },
        "", [.. arguments, "--kubeconfig", Kubeconfig]);

    /// <summary>Where commands look for kubectl: by default there is none.</summary>
    public string? ProgramPath { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Answer(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (Forbidden.Any(part => path.Contains(part, StringComparison.Ordinal)))
        {
            await Status(context, 403, $"{path} is forbidden: User \"fake\" cannot do that");
        }
        else if (context.Request.Method == HttpMethods.Post)
        {
            await Create(context, path);
        }
        else if (path == "/version")
        {
            await Json(context, new() { ["gitVersion"] = Version });
        }
        else if (path.EndsWith("/log", StringComparison.Ordinal))
        {
            await Text(context, 200, $"{path.Split('/')[^2]}/{context.Request.Query["container"]}");
        }
        else if (path.EndsWith("/proxy/readyz", StringComparison.Ordinal))
        {
            var pod = path.Split('/')[^3].Split(':')[0];
            await Text(context, Texts.GetValueOrDefault(pod, "").Contains("[-]", StringComparison.Ordinal) ? 503 : 200, pod);
        }
        else if (_objects.TryGetValue(path, out var found))
        {
            await Json(context, found);
        }
        else
        {
            await List(context, path);
        }
    }

    private async Task Create(HttpContext context, string path)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = JsonNode.Parse(await reader.ReadToEndAsync())!.AsObject();
        if (path.EndsWith("/selfsubjectaccessreviews", StringComparison.Ordinal))
        {
            var asked = body["spec"]!["resourceAttributes"]!;
            body["status"] = new JsonObject
            {
                ["allowed"] = !Forbidden.Contains($"{asked["verb"]} {asked["resource"]}"),
            };
            await Json(context, body);
        }
        else if (Probe is { } refusal)
        {
            context.Response.StatusCode = (int)refusal["code"]!;
            await Json(context, refusal);
        }
        else
        {
            await Json(context, body);
        }
    }

    // A collection is known if it is one of Kubernetes' own; others don't exist.
    private async Task List(HttpContext context, string path)
    {
        var plural = path.Split('/')[^1];
        var parent = path[..path.LastIndexOf('/')];
        var items = _objects.Where(entry => entry.Key.StartsWith(parent, StringComparison.Ordinal)
                && entry.Key.Split('/') is [.., var kind, _] && kind == plural).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => entry.Value).Where(item => Matches(item, context.Request.Query)).ToArray();
        if (plural.Length == 0 || char.IsUpper(plural[0]) || !plural.EndsWith('s') || path.Split('/').Length > 7)
        {
            await Status(context, 404, $"{path} not found");
            return;
        }

        await Json(context, new()
        {
            ["kind"] = "List",
            ["metadata"] = new JsonObject { ["resourceVersion"] = "1" },
            ["items"] = new JsonArray([.. items.Select(item => (JsonNode?)item.DeepClone())]),
        });
    }

    private static bool Matches(JsonObject item, IQueryCollection query)
    {
        var labels = item["metadata"]!["labels"] as JsonObject ?? [];
        var hasLabels = query["labelSelector"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).All(term =>
            term.Split('=') is [var key, var value] ? (string?)labels[key] == value : labels.ContainsKey(term));
        return hasLabels && query["fieldSelector"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).All(term =>
        {
            var isNot = term.Contains("!=", StringComparison.Ordinal);
            var parts = term.Split(isNot ? "!=" : "=");
            JsonNode? at = item;
            foreach (var name in parts[0].Split('.'))
            {
                at = (at as JsonObject)?[name];
            }

            return ((string?)at == parts[1]) != isNot;
        });
    }

    private async Task Text(HttpContext context, int status, string key)
    {
        if (!Texts.TryGetValue(key, out var text))
        {
            await Status(context, 404, $"no text of {key}");
            return;
        }

        context.Response.StatusCode = status;
        // As a replica's own answer, which names no content type.
        await context.Response.WriteAsync(text);
    }

    private static Task Status(HttpContext context, int code, string message)
    {
        context.Response.StatusCode = code;
        return Json(context, new() { ["kind"] = "Status", ["code"] = code, ["message"] = message });
    }

    private static Task Json(HttpContext context, JsonObject json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString());
    }
}
