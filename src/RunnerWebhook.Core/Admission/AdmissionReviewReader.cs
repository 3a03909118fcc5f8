using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Admission;

/// <summary>Reads the AdmissionReview that an API server sends.</summary>
public static class AdmissionReviewReader
{
    /// <summary>The one version that is spoken; every API server since 1.16 does.</summary>
    public const string ApiVersion = "admission.k8s.io/v1";

    /// <summary>Reads one review.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="problem">What is wrong and what is expected, when the result is null.</param>
    /// <returns>The request, which is good until it is disposed of and as long as the body does not change; null if the
    /// body holds none.</returns>
    public static AdmissionRequest? Read(ReadOnlyMemory<byte> body, out string problem)
    {
        if (body.IsEmpty)
        {
            problem = $"the body is empty; send an AdmissionReview ({ApiVersion}) as JSON";
            return null;
        }

        if (JsonText.TryOpen(body, out problem) is not { } document)
        {
            problem = $"the body is not valid JSON: {problem}";
            return null;
        }

        var request = ReadReview(document, out problem);
        if (request is null)
        {
            document.Dispose();
        }

        return request;
    }

    private static AdmissionRequest? ReadReview(JsonDocument document, out string problem)
    {
        var review = document.RootElement;
        if (review.ValueKind != JsonValueKind.Object)
        {
            problem = $"the body must be an AdmissionReview, but is {JsonTypeName.Of(review)}";
            return null;
        }

        var (version, kind) = (Text(review, "apiVersion"), Text(review, "kind"));
        if (kind != "AdmissionReview" || version != ApiVersion)
        {
            problem = $"the body is '{version}' '{kind}', but must be {ApiVersion} AdmissionReview "
                + "(set admissionReviewVersions: [v1] in the webhook configuration)";
            return null;
        }

        return ReadRequest(document, out problem);
    }

    private static AdmissionRequest? ReadRequest(JsonDocument document, out string problem)
    {
        if (!document.RootElement.TryGetProperty("request", out var request) || request.ValueKind != JsonValueKind.Object)
        {
            problem = $"request must be an object, but is {JsonTypeName.Of(request)}";
            return null;
        }

        var kind = Member(request, "kind", JsonValueKind.Object);
        var result = new AdmissionRequest(document)
        {
            Uid = Text(request, "uid"),
            ApiVersion = kind is { } named ? Qualified(Text(named, "group"), Text(named, "version")) : "",
            Kind = kind is null ? "" : Text(kind.Value, "kind"),
            Operation = Text(request, "operation"),
            SubResource = Text(request, "subResource"),
            Namespace = Text(request, "namespace"),
            Name = Text(request, "name"),
            DryRun = Member(request, "dryRun", JsonValueKind.True) is not null,
            Object = Member(request, "object", JsonValueKind.Object),
            OldObject = Member(request, "oldObject", JsonValueKind.Object),
        };
        problem = result switch
        {
            { Uid.Length: 0 } => "request.uid is missing: the response has to repeat it",
            { Kind.Length: 0 } => "request.kind.kind is missing",
            { Operation.Length: 0 } => "request.operation is missing",
            { Object: null, Operation: "CREATE" or "UPDATE" } => "request.object must be an object",
            _ => "",
        };
        return problem.Length == 0 ? result : null;
    }

    private static string Qualified(string group, string version) => group.Length == 0 ? version : $"{group}/{version}";

    private static string Text(JsonElement parent, string name) =>
        Member(parent, name, JsonValueKind.String)?.GetString() ?? "";

    private static JsonElement? Member(JsonElement parent, string name, JsonValueKind kind) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
