using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Kubernetes;

/// <summary>
/// The API server, object by object. Objects are JSON as the server sent it: a field that this program has never heard
/// of survives a read and a write. Everything throws <see cref="ApiException"/>.
/// </summary>
/// <param name="credentials">Where the server is; disposed of with the client.</param>
internal sealed class ApiClient(ClusterCredentials credentials) : IDisposable
{
    private readonly ApiTransport _transport = new(credentials);

    /// <summary>Which cluster this is, in words.</summary>
    public string Source => credentials.Source;

    /// <summary>The default namespace.</summary>
    public string Namespace => credentials.Namespace;

    /// <summary>Reads one object, or any other path.</summary>
    /// <param name="path">A path without leading slash, for example from <see cref="ApiResource.PathOf"/>, or
    /// <c>version</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<JsonElement> Get(string path, CancellationToken cancellation = default) =>
        (await _transport.Send(HttpMethod.Get, path, null, "application/json", cancellation)).Body;

    /// <summary>The server's release, as in <c>v1.31.2</c>.</summary>
    public async Task<string> Version(CancellationToken cancellation = default) =>
        (await Get("version", cancellation)).Text("gitVersion") is { Length: > 0 } version
            ? version : throw ApiFailure.NotKubernetes(credentials, HttpMethod.Get, "version");

    /// <summary>Reads a text: a container's log, or the answer of a pod through the API server's proxy, even one that
    /// says that the pod is unavailable.</summary>
    /// <param name="path">A path without leading slash.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<string> Text(string path, CancellationToken cancellation = default) => _transport.Text(path, cancellation);

    /// <summary>Reads one object.</summary>
    /// <returns>Null if it does not exist.</returns>
    public async Task<JsonElement?> Find(ApiResource resource, string? namespaceName, string name,
        CancellationToken cancellation = default)
    {
        var path = resource.PathOf(namespaceName, name);
        try
        {
            var found = await Get(path, cancellation);
            return IsObject(found) ? found : throw ApiFailure.NotKubernetes(credentials, HttpMethod.Get, path);
        }
        catch (ApiException e) when (e.Problem == ApiProblem.NotFound)
        {
            return null;
        }
    }

    /// <summary>Reads all objects, page by page.</summary>
    /// <param name="resource">Their kind.</param>
    /// <param name="namespaceName">Their namespace; null for all.</param>
    /// <param name="options">Which of them, and how.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ApiList> List(ApiResource resource, string? namespaceName, ListOptions options,
        CancellationToken cancellation = default)
    {
        var items = ImmutableArray.CreateBuilder<JsonElement>();
        var next = "";
        while (true)
        {
            var path = resource.PathOf(namespaceName)
                + string.Create(CultureInfo.InvariantCulture, $"?limit={options.PageSize}") + Selectors(options)
                + (next.Length == 0 ? "" : $"&continue={Uri.EscapeDataString(next)}");
            var page = (await _transport.Send(HttpMethod.Get, path, null, Accept(options, "List"), cancellation)).Body;
            var found = page.List("items").ToArray();
            var (version, more) = (page.Text("metadata", "resourceVersion"), page.Text("metadata", "continue"));
            if (version.Length == 0 || !found.All(IsObject) || (more.Length > 0 && more == next))
            {
                throw ApiFailure.NotKubernetes(credentials, HttpMethod.Get, path);
            }

            items.AddRange(found);
            next = more;
            if (next.Length == 0)
            {
                return new(items.ToImmutable(), version);
            }
        }
    }

    /// <summary>Follows changes until the server ends the watch (which it does after some minutes), or
    /// <see cref="ApiProblem.Expired"/>: list again then. A connection that dies silently is noticed within 30
    /// seconds.</summary>
    /// <param name="resource">The objects' kind.</param>
    /// <param name="namespaceName">Their namespace; null for all.</param>
    /// <param name="options">Which of them, and how.</param>
    /// <param name="resourceVersion">Where to continue: a list's or an object's resource version.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async IAsyncEnumerable<WatchEvent> Watch(ApiResource resource, string? namespaceName, ListOptions options,
        string resourceVersion, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var path = resource.PathOf(namespaceName)
            + $"?watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(resourceVersion)}"
            + Selectors(options);
        await foreach (var line in _transport.Lines(path, Accept(options, ""), cancellation))
        {
            var type = line.GetProperty("type").GetString()!;
            var item = line.GetProperty("object");
            yield return type == "ERROR" ? throw ApiFailure.Read(HttpMethod.Get, path, Source, item) : new(type, item);
        }
    }

    /// <summary>Creates an object.</summary>
    public Task<ApiAnswer> Create(ApiResource resource, string? namespaceName, JsonNode body, WriteOptions? options = null,
        CancellationToken cancellation = default) => _transport.Send(HttpMethod.Post,
            resource.PathOf(namespaceName) + (options ?? new()).Query(), Json(body), "application/json", cancellation);

    /// <summary>Replaces an object. If the body has a <c>metadata.resourceVersion</c> and the object has changed since, the
    /// server refuses (<see cref="ApiProblem.Conflict"/>).</summary>
    public Task<ApiAnswer> Replace(ApiResource resource, string? namespaceName, string name, JsonNode body,
        WriteOptions? options = null, CancellationToken cancellation = default) => _transport.Send(HttpMethod.Put,
            resource.PathOf(namespaceName, name) + (options ?? new()).Query(), Json(body), "application/json", cancellation);

    /// <summary>Server-side apply: creates the object, or sets the fields of the body and removes those that this
    /// field manager set before and that the body lacks.</summary>
    public Task<ApiAnswer> Apply(ApiResource resource, string? namespaceName, string name, JsonNode body,
        WriteOptions? options = null, CancellationToken cancellation = default) => _transport.Send(HttpMethod.Patch,
            resource.PathOf(namespaceName, name) + (options ?? new()).Query(isApply: true),
            ApiTransport.Content(body.ToJsonString(), "application/apply-patch+yaml"), "application/json", cancellation);

    /// <summary>Deletes an object.</summary>
    public Task<ApiAnswer> Delete(ApiResource resource, string? namespaceName, string name,
        CancellationToken cancellation = default) => _transport.Send(HttpMethod.Delete,
            resource.PathOf(namespaceName, name), null, "application/json", cancellation);

    /// <summary>Whether these credentials may do something (a SelfSubjectAccessReview, which every user may create).</summary>
    /// <param name="verb">For example <c>list</c>.</param>
    /// <param name="resource">The objects' kind.</param>
    /// <param name="namespaceName">The namespace; null for all.</param>
    /// <param name="name">The object; null for all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool> May(string verb, ApiResource resource, string? namespaceName, string? name = null,
        CancellationToken cancellation = default)
    {
        var attributes = new JsonObject { ["verb"] = verb, ["group"] = resource.Group, ["resource"] = resource.Plural };
        if (namespaceName is not null)
        {
            attributes["namespace"] = namespaceName;
        }

        if (name is not null)
        {
            attributes["name"] = name;
        }

        var review = await Create(ApiResource.SelfSubjectAccessReviews, null, new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject { ["resourceAttributes"] = attributes },
        }, null, cancellation);
        return review.Body.At("status") is { ValueKind: JsonValueKind.Object } status ? status.IsTrue("allowed")
            : throw ApiFailure.NotKubernetes(credentials, HttpMethod.Post, ApiResource.SelfSubjectAccessReviews.PathOf(null));
    }

    public void Dispose()
    {
        _transport.Dispose();
        credentials.Dispose();
    }

    private static bool IsObject(JsonElement json) => json.At("metadata") is { ValueKind: JsonValueKind.Object };

    private static ByteArrayContent Json(JsonNode body) => ApiTransport.Content(body.ToJsonString(), "application/json");

    private static string Accept(ListOptions options, string suffix) => options.MetadataOnly
        ? $"application/json;as=PartialObjectMetadata{suffix};v=v1;g=meta.k8s.io"
        : "application/json";

    private static string Selectors(ListOptions options) =>
        (options.Labels is null ? "" : $"&labelSelector={Uri.EscapeDataString(options.Labels)}")
        + (options.Fields is null ? "" : $"&fieldSelector={Uri.EscapeDataString(options.Fields)}");
}
