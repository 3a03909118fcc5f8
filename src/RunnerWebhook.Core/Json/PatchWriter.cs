using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RunnerWebhook.Core.Json;

/// <summary>Writes patches as JSON (RFC 6902).</summary>
public static class PatchWriter
{
    // Nothing here is ever put into HTML, and people read these texts.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The patch as UTF-8.</summary>
    /// <param name="operations">The operations, in order.</param>
    /// <param name="indented">Whether it is for people: several lines, and a line end after the last.</param>
    public static byte[] Write(ImmutableArray<PatchOperation> operations, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var options = new JsonWriterOptions { Encoder = Encoder, Indented = indented, NewLine = "\n" };
        using var json = new Utf8JsonWriter(buffer, options);
        json.WriteStartArray();
        foreach (var operation in operations)
        {
            json.WriteStartObject();
            json.WriteString("op", Name(operation.Op));
            json.WriteString("path", operation.Path.ToString());
            if (operation.Op != PatchOp.Remove)
            {
                json.WritePropertyName("value");
                WriteValue(json, operation);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return indented ? [.. buffer.WrittenSpan, (byte)'\n'] : buffer.WrittenSpan.ToArray();
    }

    private static void WriteValue(Utf8JsonWriter json, PatchOperation operation)
    {
        if (operation.Value is null)
        {
            json.WriteNullValue();
        }
        else
        {
            operation.Value.WriteTo(json);
        }
    }

    private static string Name(PatchOp op) => op switch
    {
        PatchOp.Add => "add",
        PatchOp.Replace => "replace",
        _ => "remove",
    };
}
