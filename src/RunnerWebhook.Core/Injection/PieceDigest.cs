using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// Digests of pieces that stay the same when an API server stores the piece. It drops what is empty (Go's
/// <c>omitempty</c>), adds defaults, and rewrites quantities; none of that is a change by a user.
/// </summary>
public static class PieceDigest
{
    /// <summary>What other tools add to every container, and this program never sets.</summary>
    internal static readonly ImmutableArray<string> AddedFields =
        ["envFrom", "resizePolicy", "terminationMessagePath", "terminationMessagePolicy"];

    // What other tools rewrite in every container: mirrors of registries, default resources and rights. The working directory
    // is the runner container's.
    private static readonly ImmutableArray<string> RewrittenFields =
        ["image", "imagePullPolicy", "resources", "securityContext", "volumeMounts", "workingDir", .. AddedFields];

    /// <summary>The variables of injected containers that only this program sets, but for those of the prefixes RUNNER_ and
    /// CACHE_.</summary>
    internal static readonly string[] OwnVariables =
        ["REGISTRATION_TOKEN", "CI_SERVER_TOKEN", ConfigFile.Variable, "HOME", "DOCKER_TLS_CERTDIR"];

    /// <summary>The digest of a piece: 12 hexadecimal digits. A container's leaves out what other tools rewrite by habit,
    /// variables and mounts that they add, and the order of its options.</summary>
    public static string Of(JsonNode value) => Of(value, AnnotatedArguments.None);

    /// <summary>The digest of a piece, as it would be without what annotations set.</summary>
    public static string Of(JsonNode value, AnnotatedArguments annotated) =>
        CanonicalJson.Digest(Normalize(IsContainer(value) ? annotated.Undo(OwnPart(value)) : value));

    /// <summary>The digest of all of a value.</summary>
    public static string OfWhole(JsonNode value) => CanonicalJson.Digest(Normalize(value));

    /// <summary>Whether a record's digest is that of a piece. Records of version 0.1.0 have the digest of all of a
    /// container.</summary>
    /// <param name="value">The piece.</param>
    /// <param name="annotated">What annotations set in it, by the record.</param>
    /// <param name="recorded">The record's digest.</param>
    internal static bool IsOf(JsonNode value, AnnotatedArguments annotated, string recorded) =>
        Of(value, annotated) == recorded || (IsContainer(value) && OfWhole(value) == recorded);

    /// <summary>Whether a piece is a container.</summary>
    public static bool IsContainer(JsonNode value) =>
        value is JsonObject map && map["image"] is JsonValue image && image.GetValueKind() == JsonValueKind.String;

    /// <summary>Whether a variable of an injected container is one that only this program sets.</summary>
    public static bool IsOwnVariable(string name) => OwnVariables.Contains(name)
        || name.StartsWith("RUNNER_", StringComparison.Ordinal) || name.StartsWith("CACHE_", StringComparison.Ordinal);

    private static JsonObject OwnPart(JsonNode container)
    {
        var part = container.DeepClone().AsObject();
        foreach (var field in RewrittenFields)
        {
            part.Remove(field);
        }

        if (part["env"] is JsonArray env)
        {
            part["env"] = new JsonArray([.. env.Where(variable => variable is JsonObject map && map["name"] is JsonValue name
                && name.GetValueKind() == JsonValueKind.String && IsOwnVariable(name.GetValue<string>()))
                .Select(variable => variable!.DeepClone())]);
        }

        return part;
    }

    private static JsonNode? Normalize(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var kept = new JsonObject();
                foreach (var (name, member) in map)
                {
                    var value = name switch
                    {
                        "requests" => Quantities(Unless(member, map["limits"])),
                        "limits" => Quantities(member),
                        "sizeLimit" when member is JsonValue => Quantity.Canonical(member.ToString()),
                        _ => Normalize(member),
                    };
                    if (!IsEmpty(value) && !IsDefault(map, name, value))
                    {
                        kept[name] = value;
                    }
                }

                return kept;
            case JsonArray list:
                return new JsonArray([.. list.Select(Normalize)]);
            default:
                return node?.DeepClone();
        }
    }

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject map => map.Count == 0,
        JsonArray list => list.Count == 0,
        _ => value.GetValueKind() == JsonValueKind.False
            || (value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length == 0),
    };

    // Source: SetDefaults_Container, SetDefaults_Probe, SetDefaults_ObjectFieldSelector, SetDefaults_SecretVolumeSource and
    // their like in Kubernetes' core/v1 defaults.
    private static bool IsDefault(JsonObject parent, string name, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => (name, value.GetValue<string>()) switch
        {
            ("terminationMessagePath", "/dev/termination-log") or ("terminationMessagePolicy", "File") => true,
            ("procMount", "Default") => true,
            ("apiVersion", "v1") => parent.ContainsKey("fieldPath"),
            ("divisor", "0") => parent.ContainsKey("resource"),
            ("imagePullPolicy", var policy) => policy == DefaultPullPolicy(parent["image"]),
            _ => false,
        },
        JsonValueKind.Number => (name, value.ToJsonString()) switch
        {
            ("defaultMode", "420") => true,
            ("timeoutSeconds" or "successThreshold", "1") or ("periodSeconds", "10") or ("failureThreshold", "3") =>
                parent.ContainsKey("exec"),
            _ => false,
        },
        _ => false,
    };

    private static string? DefaultPullPolicy(JsonNode? image) => image is null ? DefaultPullPolicyOf("")
        : image.GetValueKind() == JsonValueKind.String ? DefaultPullPolicyOf(image.GetValue<string>()) : null;

    private static string DefaultPullPolicyOf(string image) => ImageReference.Parse(image).IsLatest ? "Always" : "IfNotPresent";

    // A Pod's requests that are not stated are made equal to its limits.
    private static JsonNode? Unless(JsonNode? requests, JsonNode? limits) =>
        requests is JsonObject wanted && limits is JsonObject most
            ? new JsonObject(wanted.Where(request => !IsSame(request.Value, most[request.Key]))
                .Select(request => KeyValuePair.Create(request.Key, request.Value?.DeepClone())))
            : requests?.DeepClone();

    private static bool IsSame(JsonNode? left, JsonNode? right) => left is JsonValue && right is JsonValue
        && Quantity.Canonical(left.ToString()) == Quantity.Canonical(right.ToString());

    private static JsonNode? Quantities(JsonNode? map) => map is JsonObject quantities
        ? new JsonObject(quantities.Select(member => KeyValuePair.Create(
            member.Key, member.Value is JsonValue value ? Quantity.Canonical(value.ToString()) : member.Value?.DeepClone())))
        : map?.DeepClone();
}
