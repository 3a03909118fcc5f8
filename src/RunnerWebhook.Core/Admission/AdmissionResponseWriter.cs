using System.Buffers;
using System.Text;
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
        var buffer = new ArrayBufferWriter<byte>(1024 + outcome.PatchText.Length);
        Write(buffer, uid, outcome, report);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the response's body: the same bytes for the same request and outcome.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="uid">The request's uid.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="report">Where the sentence of a success goes.</param>
    public static void Write(IBufferWriter<byte> output, string uid, InjectionOutcome outcome, SuccessReport report)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("apiVersion", AdmissionReviewReader.ApiVersion);
        json.WriteString("kind", "AdmissionReview");
        json.WriteStartObject("response");
        json.WriteString("uid", uid);
        json.WriteBoolean("allowed", !outcome.IsDenied);
        if (outcome.IsDenied)
        {
            WriteStatus(json, outcome);
        }

        if (!outcome.Patch.IsEmpty)
        {
            json.WriteString("patchType", "JSONPatch");
            json.WritePropertyName("patch");
            var text = outcome.PatchText.IsEmpty ? PatchWriter.WriteBase64(outcome.Patch) : outcome.PatchText;
            json.WriteRawValue(text.Span, skipInputValidation: true);
        }

        WriteWarnings(json, outcome, report);
        WriteAuditAnnotations(json, outcome);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>The sentences that the API server hands to the user.</summary>
    public static IEnumerable<string> Warnings(InjectionOutcome outcome, SuccessReport report)
    {
        var isSaid = outcome.IsNews && !(outcome.IsSuccess && report == SuccessReport.Audit);
        return (isSaid ? outcome.Advice.Prepend(outcome.Sentence) : outcome.Advice).Select(Shorten);
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
        if (Warnings(outcome, report).ToArray() is not { Length: > 0 } warnings)
        {
            return;
        }

        json.WriteStartArray("warnings");
        foreach (var warning in warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
    }

    // The API server puts the webhook's name before each key.
    private static void WriteAuditAnnotations(Utf8JsonWriter json, InjectionOutcome outcome)
    {
        json.WriteStartObject("auditAnnotations");
        json.WriteString("outcome", outcome.Code.Text());
        json.WriteString("sentence", Cut(outcome.Sentence, MaxAuditLength));
        if (outcome.Revision.Length > 0)
        {
            json.WriteString("profile", outcome.Profile);
            json.WriteString("revision", outcome.Revision);
        }

        json.WriteEndObject();
    }

    private static string Shorten(string sentence) =>
        Cut(new StringBuilder(Prefix).Append(sentence).Replace('\n', ' ').Replace('\r', ' ').ToString(), MaxWarningLength);

    private static string Cut(string text, int length) => text.Length <= length ? text
        : text[..(length - (char.IsHighSurrogate(text[length - 2]) ? 2 : 1))] + "…";
}
