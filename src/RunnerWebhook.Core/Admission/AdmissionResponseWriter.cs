using System.Buffers;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Admission;

/// <summary>Writes the AdmissionReview that answers a request.</summary>
public static class AdmissionResponseWriter
{
    /// <summary>The longest warning, in characters: the API server cuts what is longer.</summary>
    public const int MaxWarningLength = 256;

    /// <summary>The longest sentence in an audit annotation, in characters: an audit log keeps one for each request.</summary>
    public const int MaxAuditLength = 1024;

    /// <summary>The longest message of a denial, in characters: about thirty reasons, which quote the object's own
    /// values.</summary>
    public const int MaxMessageLength = 8 * 1024;

    private const string Prefix = "runner-webhook: ";

    /// <summary>The response's body: the same bytes for the same request and outcome.</summary>
    /// <param name="uid">The request's uid.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="report">Where the sentence of a success goes.</param>
    public static byte[] Write(string uid, InjectionOutcome outcome, SuccessReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        Write(json, uid, outcome, report);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the response's body: the same bytes for the same request and outcome.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="uid">The request's uid.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="report">Where the sentence of a success goes.</param>
    public static void Write(Utf8JsonWriter json, string uid, InjectionOutcome outcome, SuccessReport report)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, AdmissionReviewReader.ApiVersion);
        json.WriteString("kind"u8, "AdmissionReview"u8);
        json.WriteStartObject("response"u8);
        json.WriteString("uid"u8, uid);
        json.WriteBoolean("allowed"u8, !outcome.IsDenied);
        if (outcome.IsDenied)
        {
            WriteStatus(json, outcome);
        }

        var patch = outcome.Patch.IsEmpty ? outcome.PatchText.Span : PatchWriter.Write(outcome.Patch);
        if (!patch.IsEmpty)
        {
            json.WriteString("patchType"u8, "JSONPatch"u8);
            json.WriteBase64String("patch"u8, patch);
        }

        WriteWarnings(json, outcome, report);
        WriteAuditAnnotations(json, outcome);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }

    // Not 422: kubectl 1.20 answers that with "The request is invalid" and hides the message.
    private static void WriteStatus(Utf8JsonWriter json, InjectionOutcome outcome)
    {
        json.WriteStartObject("status");
        json.WriteString("status", "Failure");
        var message = Cut(outcome.Sentence, MaxMessageLength);
        json.WriteString("message", message);
        var (reason, code) = outcome.Code switch
        {
            OutcomeCode.DeniedNoRule or OutcomeCode.DeniedByPolicy => ("Forbidden", 403),
            OutcomeCode.DeniedNamespaceUnknown => ("ServiceUnavailable", 503),
            _ => ("BadRequest", 400),
        };
        json.WriteString("reason", reason);
        json.WriteNumber("code", code);
        // The machine code, for programs.
        json.WriteStartObject("details");
        json.WriteStartArray("causes");
        json.WriteStartObject();
        json.WriteString("reason", outcome.Code.Text());
        json.WriteString("message", message);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteWarnings(Utf8JsonWriter json, InjectionOutcome outcome, SuccessReport report)
    {
        var isSaid = outcome.IsNews && !(outcome.IsSuccess && report == SuccessReport.Audit);
        if (!isSaid && outcome.Advice.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("warnings"u8);
        if (isSaid)
        {
            json.WriteStringValue(Shorten(outcome.Sentence));
        }

        foreach (var advice in outcome.Advice)
        {
            json.WriteStringValue(Shorten(advice));
        }

        json.WriteEndArray();
    }

    // The API server puts the webhook's name before each key.
    private static void WriteAuditAnnotations(Utf8JsonWriter json, InjectionOutcome outcome)
    {
        json.WriteStartObject("auditAnnotations"u8);
        json.WriteString("outcome"u8, outcome.Code.Text());
        json.WriteString("sentence"u8, Cut(outcome.Sentence, MaxAuditLength));
        if (outcome.Revision.Length > 0)
        {
            json.WriteString("profile"u8, outcome.Profile);
            json.WriteString("revision"u8, outcome.Revision);
        }

        json.WriteEndObject();
    }

    private static string Shorten(string sentence) => Cut(Prefix + sentence, MaxWarningLength);

    private static string Cut(string text, int length) => text.Length <= length ? text
        : text[..(length - (char.IsHighSurrogate(text[length - 2]) ? 2 : 1))] + "…";
}
