using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RunnerWebhook.Tests.Serve;

/// <summary>An API server that knows namespaces: lists in pages, watches with bookmarks, and failures on demand; beside
/// them single objects. Over plain HTTP, as <c>kubectl proxy</c> serves it.</summary>
internal sealed class NamespaceApi : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-api").FullName;
    private readonly SortedDictionary<string, JsonObject> _namespaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Channel<JsonObject?>, string> _watches = new();
    private readonly ConcurrentDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private int _version = 100;

    private NamespaceApi(WebApplication app) => _app = app;

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    /// <summary>The status with which lists are refused; 0 where they are answered.</summary>
    public int Refusal { get; set; }

    public int Lists { get; private set; }

    /// <summary>The version from which the last watch went on.</summary>
    public string WatchedFrom { get; private set; } = "";

    public int Watches => _watches.Count;

    public static async Task<NamespaceApi> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var api = new NamespaceApi(app);
        app.MapGet("/api/v1/namespaces", (RequestDelegate)(context => context.Request.Query.ContainsKey("watch")
            ? api.Watch(context)
            : api.List(context)));
        app.MapFallback((RequestDelegate)api.Object);
        await app.StartAsync();
        await File.WriteAllTextAsync(api.Kubeconfig, $$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"stub",
             "clusters":[{"name":"stub","cluster":{"server":"{{{app.Urls.Single()}}}"}}],
             "users":[{"name":"stub","user":{"token":"stub"}}],
             "contexts":[{"name":"stub","context":{"cluster":"stub","user":"stub"}}]}
            """);
        return api;
    }

    /// <summary>Keeps an object, which can be read and written at this path.</summary>
    public JsonObject Keep(string path, string json)
    {
        var kept = JsonNode.Parse(json)!.AsObject();
        kept["metadata"]!["resourceVersion"] = NextVersion();
        return _objects[path] = kept;
    }

    /// <summary>Creates a namespace or changes it.</summary>
    public void Set(string name, params (string Name, string Value)[] annotations)
    {
        var change = new JsonObject { ["type"] = _namespaces.ContainsKey(name) ? "MODIFIED" : "ADDED" };
        _namespaces[name] = Namespace(name, annotations);
        change["object"] = _namespaces[name].DeepClone();
        Send(change);
    }

    /// <summary>Deletes a namespace, perhaps unheard.</summary>
    public void Delete(string name, bool isHeard = true)
    {
        var gone = _namespaces[name];
        _namespaces.Remove(name);
        gone["metadata"]!["resourceVersion"] = NextVersion();
        if (isHeard)
        {
            Send(new() { ["type"] = "DELETED", ["object"] = gone });
        }
    }

    /// <summary>Says that there is nothing new, as of a version.</summary>
    public void Bookmark(string version) => Send(new()
    {
        ["type"] = "BOOKMARK",
        ["object"] = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = version } },
    });

    /// <summary>Says that what comes next is not known any more.</summary>
    public void Expire() => Send(new()
    {
        ["type"] = "ERROR",
        ["object"] = new JsonObject { ["kind"] = "Status", ["code"] = 410, ["message"] = "too old resource version" },
    });

    /// <summary>Ends all watches, as the API server does after some minutes.</summary>
    public void EndWatches() => Send(null);

    /// <summary>Breaks all connections of watches.</summary>
    public void Break()
    {
        // Each request breaks its own connection: one that has just ended has none any more.
        foreach (var watch in _watches.Keys)
        {
            watch.Writer.TryComplete();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Break();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // A namespace as the API server of 1.36 sends its metadata.
    private JsonObject Namespace(string name, (string Name, string Value)[] annotations) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["uid"] = Guid.NewGuid().ToString(),
            ["resourceVersion"] = NextVersion(),
            ["creationTimestamp"] = "2026-11-24T12:00:00Z",
            ["labels"] = new JsonObject
            {
                ["kubernetes.io/metadata.name"] = name,
                ["pod-security.kubernetes.io/enforce"] = "baseline",
                ["team"] = "team-" + name,
                ["environment"] = "production",
            },
            ["annotations"] = new JsonObject(annotations.Select(pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Value)))
            {
                ["kubectl.kubernetes.io/last-applied-configuration"] = new string('x', 400),
            },
            ["managedFields"] = new JsonArray(new JsonObject
            {
                ["manager"] = "kubectl-client-side-apply",
                ["operation"] = "Update",
                ["apiVersion"] = "v1",
                ["time"] = "2026-11-24T12:00:00Z",
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = new JsonObject { ["f:metadata"] = new JsonObject { ["f:labels"] = new JsonObject { ["."] = new JsonObject() } } },
            }),
        },
    };

    // What is written is kept without a look at its version.
    private async Task Object(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (!_objects.TryGetValue(path, out var kept))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("""{"kind":"Status","code":404,"message":"not found"}""");
            return;
        }

        if (context.Request.Method != HttpMethods.Get)
        {
            using var reader = new StreamReader(context.Request.Body);
            var written = JsonNode.Parse(await reader.ReadToEndAsync())!.AsObject();
            var whole = context.Request.Method == HttpMethods.Patch ? Merge(kept, written) : written;
            kept = Keep(path, whole.ToJsonString());
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(kept.ToJsonString());
    }

    // As server-side apply does it: lists whose items have names are merged by them.
    private static JsonNode Merge(JsonNode? into, JsonNode change)
    {
        if (into is JsonObject && change is JsonObject members)
        {
            var merged = into.DeepClone().AsObject();
            foreach (var (name, value) in members)
            {
                merged[name] = Merge(merged[name], value!);
            }

            return merged;
        }

        return into is JsonArray list && change is JsonArray items
            ? new JsonArray([.. list.Select(item => Merge(item, items.Single(other => (string)other!["name"]! == (string)item!["name"]!)!))])
            : change.DeepClone();
    }

    private async Task List(HttpContext context)
    {
        Lists++;
        if (Refusal > 0)
        {
            context.Response.StatusCode = Refusal;
            await context.Response.WriteAsync("""{"kind":"Status","message":"namespaces is forbidden"}""");
            return;
        }

        var limit = int.Parse(context.Request.Query["limit"].ToString(), CultureInfo.InvariantCulture);
        var after = context.Request.Query["continue"].ToString();
        var rest = _namespaces.Where(entry => string.CompareOrdinal(entry.Key, after) > 0).Take(limit + 1).ToArray();
        var metadata = new JsonObject { ["resourceVersion"] = _version.ToString(CultureInfo.InvariantCulture) };
        if (rest.Length > limit)
        {
            metadata["continue"] = rest[limit - 1].Key;
        }

        await context.Response.WriteAsync(new JsonObject
        {
            ["kind"] = "PartialObjectMetadataList",
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. rest.Take(limit).Select(entry => (JsonNode?)entry.Value.DeepClone())]),
        }.ToJsonString());
    }

    private async Task Watch(HttpContext context)
    {
        WatchedFrom = context.Request.Query["resourceVersion"].ToString();
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        var events = Channel.CreateUnbounded<JsonObject?>();
        _watches[events] = WatchedFrom;
        try
        {
            while (await events.Reader.ReadAsync(context.RequestAborted) is { } change)
            {
                await context.Response.WriteAsync(change.ToJsonString() + "\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (ChannelClosedException)
        {
            context.Abort();
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            _watches.TryRemove(events, out _);
        }
    }

    private void Send(JsonObject? change)
    {
        foreach (var watch in _watches.Keys)
        {
            watch.Writer.TryWrite((JsonObject?)change?.DeepClone());
        }
    }

    private string NextVersion() => (++_version).ToString(CultureInfo.InvariantCulture);
}
