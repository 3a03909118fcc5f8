using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Registration;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads the global section of <c>config.toml</c>, under gitlab-runner's own names.</summary>
internal static class GlobalReader
{
    private const string SessionServer = "session_server";

    private static readonly string[] Known =
    [
        "concurrent", "check_interval", "shutdown_timeout", "log_level", "log_format", "listen_address", "connection_max_age",
        "sentry_dsn", SessionServer,
    ];

    public static ImmutableSortedDictionary<string, JsonElement> Read(
        ConfigurationSection section, ImmutableSortedDictionary<string, JsonElement> unset)
    {
        section.AllowOnly(Known);
        section.Number("concurrent", 1, 1, int.MaxValue);
        section.Number("check_interval", 0, 0, int.MaxValue);
        section.Number("shutdown_timeout", 0, 0, int.MaxValue);
        section.Word("log_level", "", [.. Words("debug", "info", "warn", "warning", "error", "fatal", "panic")]);
        section.Word("log_format", "", [.. Words("runner", "text", "json")]);
        Address(section, "listen_address");
        section.Text("connection_max_age", "", "a duration such as 15m, 1.5h or 0",
            text => RegisterRule.Matches(RegisterOptionKind.Duration, text));
        section.Text("sentry_dsn", "", "an http or https URL", text => Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https" && text.All(c => c is > ' ' and < '\u007f'));
        var session = section.Section(SessionServer);
        session.AllowOnly("listen_address", "advertise_address", "session_timeout");
        Address(session, "listen_address");
        Address(session, "advertise_address");
        session.Number("session_timeout", 0, 1, int.MaxValue);
        return unset.SetItems(section.Names.Where(name => Known.Contains(name) && section.Value(name) is not null)
            .Select(name => KeyValuePair.Create(name, section.Value(name)!.Value)));
    }

    private static IEnumerable<(string, string)> Words(params string[] words) => words.Select(word => (word, word));

    private static void Address(ConfigurationSection section, string name) => section.Text(name, "",
        "an address with a port, such as :9252, 127.0.0.1:9252 or [::]:9252",
        text => text.LastIndexOf(':') is >= 0 and var colon && ushort.TryParse(text[(colon + 1)..],
                System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']'));
}
