using System.Text.Encodings.Web;
using System.Text.Json;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>What gitlab-runner logs, on stderr: in its own format, which is coloured also where no terminal is, or in the one that
/// <c>LOG_FORMAT</c> names.</summary>
internal static class Log
{
    private const string Reset = "\u001b[0;m";

    private static readonly string Format = Environment.GetEnvironmentVariable("LOG_FORMAT") ?? "";

    public static void Info(string message, params (string Key, string Value)[] fields) => Write("info", "", "", message, fields);

    public static void Warning(string message, params (string Key, string Value)[] fields) =>
        Write("warning", "\u001b[0;33m", "WARNING: ", message, fields);

    public static void Error(string message, params (string Key, string Value)[] fields) =>
        Write("error", "\u001b[31;1m", "ERROR: ", message, fields);

    public static void Fatal(string message, params (string Key, string Value)[] fields) =>
        Write("fatal", "\u001b[31;1m", "FATAL: ", message, fields);

    public static void Panic(string message) => Write("panic", "\u001b[31;1m", "PANIC: ", message, []);

    private static void Write(string level, string color, string prefix, string message, (string Key, string Value)[] fields)
    {
        var sorted = fields.OrderBy(field => field.Key, StringComparer.Ordinal).ToArray();
        Console.Error.WriteLine(Format switch
        {
            "json" => Json([.. sorted, ("level", level), ("msg", message), ("time", Now())]),
            "text" => Text([("time", Now()), ("level", level), ("msg", message), .. sorted]),
            _ => $"{color}{prefix}{message.PadRight(50 - prefix.Length)}{Reset} "
                + string.Concat(sorted.Select(field => $" {color}{field.Key}{Reset}={field.Value}")),
        });
    }

    private static string Json((string Key, string Value)[] fields) => "{" + string.Join(',', fields
        .OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"\"{field.Key}\":{Quoted(field.Value)}")) + "}";

    // Source: logrus' TextFormatter: a value is quoted unless it is all letters, digits and -._/@^+.
    private static string Text((string Key, string Value)[] fields) => string.Join(' ', fields.Select(field =>
        $"{field.Key}={(field.Value.All(c => char.IsAsciiLetterOrDigit(c) || "-._/@^+".Contains(c)) ? field.Value : Quoted(field.Value))}"));

    private static string Quoted(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Now() => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
