using System.Globalization;

namespace RunnerWebhook.ClusterTests.Traces;

/// <summary>A span as it was received (source: <c>opentelemetry/proto/trace/v1/trace.proto</c>).</summary>
internal sealed record ReceivedSpan(
    string TraceId, string ParentId, string Name, ulong Kind, ulong Status, IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyDictionary<string, string> Resource)
{
    /// <summary>The kind of a span that answers a request.</summary>
    public const ulong ServerKind = 2;

    /// <summary>The status of a span that failed.</summary>
    public const ulong ErrorStatus = 2;

    /// <summary>The spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<ReceivedSpan> Read(ReadOnlyMemory<byte> request) =>
        from resource in new ProtobufFields(request).Messages(1)
        let about = Attributed(resource.Messages(1).Single(), 1)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new ReceivedSpan(
            Convert.ToHexStringLower(span.Bytes(1).Span), Convert.ToHexStringLower(span.Bytes(4).Span), span.Text(5),
            span.Number(6), span.Messages(15).SingleOrDefault()?.Number(3) ?? 0, Attributed(span, 9), about);

    private static Dictionary<string, string> Attributed(ProtobufFields message, int number) =>
        message.Messages(number).ToDictionary(pair => pair.Text(1), pair => Value(pair.Messages(2).Single()));

    private static string Value(ProtobufFields value) =>
        value.Has(2) ? value.Number(2) == 1 ? "true" : "false"
        : value.Has(3) ? ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture)
        : value.Has(4) ? BitConverter.UInt64BitsToDouble(value.Number(4)).ToString(CultureInfo.InvariantCulture)
        : value.Text(1);
}
