using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Logging;

/// <summary>The log as one JSON object a line, with the members of .NET's own JSON console. It writes UTF-8 straight into a
/// buffer of the calling thread: a line costs microseconds.</summary>
internal sealed class JsonLog(LineSink sink, TimeProvider time) : ILoggerProvider
{
    /// <summary>The longest text in a line, in characters: a line's message and each of its values. Every mistake of a
    /// configuration fits.</summary>
    public const int MaxText = 32 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? _line;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose() => sink.Dispose();

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) NewLine()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        // The log is never embedded in HTML, and people read it.
        return (buffer, new(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private void Write<TState>(string category, LogLevel level, EventId id, TState state, Exception? exception,
        string message)
    {
        var (buffer, json) = _line ??= NewLine();
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        Span<char> now = stackalloc char[32];
        time.GetUtcNow().UtcDateTime.TryFormat(now, out var length, "yyyy-MM-ddTHH:mm:ss.fffZ",
            System.Globalization.CultureInfo.InvariantCulture);
        json.WriteString("Timestamp"u8, now[..length]);
        json.WriteNumber("EventId"u8, id.Id);
        json.WriteString("LogLevel"u8, NameOf(level));
        json.WriteString("Category"u8, category);
        json.WriteString("Message"u8, Cut(message));
        if (exception is not null)
        {
            // A stack trace says where this program failed; what a client, a network or a disk did is said by the message.
            json.WriteString("Exception"u8, Cut(level >= LogLevel.Error && exception is not IOException ? exception.ToString()
                : $"{exception.GetType()}: {exception.Message}"));
        }

        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            WriteState(json, values);
        }

        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        sink.Add(buffer.WrittenSpan);
    }

    private static void WriteState(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        json.WriteStartObject("State"u8);
        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            switch (value)
            {
                case null:
                    json.WriteNull(name);
                    break;
                case int number:
                    json.WriteNumber(name, number);
                    break;
                case long number:
                    json.WriteNumber(name, number);
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber(name, number);
                    break;
                case bool isTrue:
                    json.WriteBoolean(name, isTrue);
                    break;
                default:
                    json.WriteString(name, Cut(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? ""));
                    break;
            }
        }

        json.WriteEndObject();
    }

    // Whatever wrote it: a path or a message of a library may hold a token, too.
    private static ReadOnlySpan<char> Cut(string text)
    {
        var shown = TokenText.Mask(text);
        return shown.AsSpan(0, Math.Min(shown.Length, MaxText));
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "Trace",
        LogLevel.Debug => "Debug",
        LogLevel.Information => "Information",
        LogLevel.Warning => "Warning",
        LogLevel.Error => "Error",
        _ => "Critical",
    };

    private sealed class Category(JsonLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            log.Write(name, logLevel, eventId, state, exception, formatter(state, exception));
    }
}
