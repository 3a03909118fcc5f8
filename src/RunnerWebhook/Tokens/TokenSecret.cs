using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Tokens;

/// <summary>A Secret that may keep a runner's token, as it was read.</summary>
/// <param name="Json">The object.</param>
internal sealed record TokenSecret(JsonElement Json)
{
    // The label that Kubernetes recommends for the creator of an object.
    private const string MadeByLabel = "app.kubernetes.io/managed-by";
    private const string MadeBy = WellKnown.Program;

    /// <summary>The selector of all Secrets that this program created.</summary>
    public const string Selector = $"{MadeByLabel}={MadeBy}";

    /// <summary>Whether this program created it.</summary>
    public bool IsOurs => Metadata("labels", MadeByLabel) == MadeBy;

    /// <summary>The runner whose token it keeps; null if it does not say.</summary>
    public long? RunnerId => long.TryParse(Metadata("annotations", WellKnown.RunnerIdAnnotation), NumberStyles.None,
        CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>The GitLab of that runner; empty if it does not say.</summary>
    public string Url => Metadata("annotations", WellKnown.UrlAnnotation);

    /// <summary>Its namespace and name.</summary>
    public string DisplayName => Json.Text("metadata", "namespace") + "/" + Json.Text("metadata", "name");

    /// <summary>Whether it keeps the token of this runner.</summary>
    public bool IsOf(long runnerId, Uri gitlab) => IsOurs && RunnerId == runnerId && Url == Text(gitlab);

    /// <summary>Whether there is anything under a key.</summary>
    public bool Has(string key) => Json.Text("data", key).Length > 0;

    /// <summary>A Secret with a token.</summary>
    /// <param name="place">Its name and key.</param>
    /// <param name="runnerId">The runner.</param>
    /// <param name="token">The runner's token.</param>
    public static JsonObject Manifest(TokenSecretPlace place, long runnerId, string token)
    {
        var metadata = new JsonObject { ["name"] = place.Name };
        if (place.Namespace is { } ns)
        {
            metadata["namespace"] = ns;
        }

        metadata["labels"] = new JsonObject { [MadeByLabel] = MadeBy };
        metadata["annotations"] = Annotations(place.GitLab, runnerId);
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = metadata,
            ["type"] = "Opaque",
            ["stringData"] = new JsonObject { [place.Key] = token },
        };
    }

    /// <summary>This Secret with a token; everything else in it stays.</summary>
    public JsonObject With(TokenSecretPlace place, long runnerId, string token)
    {
        var secret = JsonNode.Parse(Json.GetRawText())!.AsObject();
        var metadata = secret["metadata"]!.AsObject();
        Merge(metadata, "labels", new() { [MadeByLabel] = MadeBy });
        Merge(metadata, "annotations", Annotations(place.GitLab, runnerId));
        secret["stringData"] = new JsonObject { [place.Key] = token };
        return secret;
    }

    private static JsonObject Annotations(Uri gitlab, long runnerId) => new()
    {
        [WellKnown.UrlAnnotation] = Text(gitlab),
        [WellKnown.RunnerIdAnnotation] = runnerId.ToString(CultureInfo.InvariantCulture),
    };

    private static string Text(Uri gitlab) => gitlab.AbsoluteUri.TrimEnd('/') + "/";

    private static void Merge(JsonObject metadata, string field, JsonObject entries)
    {
        if (metadata[field] is not JsonObject into)
        {
            metadata[field] = into = [];
        }

        foreach (var (name, value) in entries)
        {
            into[name] = value!.DeepClone();
        }
    }

    private string Metadata(string field, string name) => Json.Text("metadata", field, name);
}
