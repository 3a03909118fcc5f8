using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>One <c>[[runners]]</c> entry.</summary>
/// <param name="Toml">Its text.</param>
internal sealed record RunnerEntry(string Toml)
{
    /// <summary>GitLab's address.</summary>
    public string Url => Value("url");

    /// <summary>The runner's name; empty for none.</summary>
    public string Name => Value("name");

    /// <summary>The runner's token.</summary>
    public string Token => Value("token");

    /// <summary>The entry that <c>register</c> makes of its flags, and of what only the template has.</summary>
    public static RunnerEntry Of(Flags flags, string token, Template? template)
    {
        var toml = new StringBuilder("\n[[runners]]\n");
        Add(toml, "  ", "name", Text(flags.Text("description") is { Length: > 0 } name ? name : Environment.MachineName));
        Add(toml, "  ", "url", Text(flags.Text("url")));
        Add(toml, "  ", "token", Text(token));
        Add(toml, "  ", "executor", Text(flags.Text("executor")));
        string[] served = ["description", "name", "url", "token", "executor", "registration-token"];
        foreach (var flag in RegisterFlags.All.Where(flag => flags.Has(flag.Name) && IsLocal(flag.Name) && !served.Contains(flag.Name)
            && !flag.Name.StartsWith("docker-", StringComparison.Ordinal) && !flag.Name.StartsWith("cache-", StringComparison.Ordinal)))
        {
            var key = flag.Name == "env" ? "environment" : flag.Name.StartsWith("tls-", StringComparison.Ordinal) ? flag.Name : Key(flag.Name);
            Add(toml, "  ", key, Value(flags, flag));
        }

        AddSection(toml, flags, "docker", "docker-");
        AddSection(toml, flags, "cache", "cache-");
        return new(template?.AddTo(toml.ToString()) ?? toml.ToString());
    }

    private static void AddSection(StringBuilder toml, Flags flags, string section, string prefix)
    {
        toml.Append("  [runners.").Append(section).Append("]\n");
        foreach (var flag in RegisterFlags.All.Where(flag => flag.Name.StartsWith(prefix, StringComparison.Ordinal)
            && flag.Name != "docker-volumes" && flags.Has(flag.Name)))
        {
            var name = flag.Name[prefix.Length..];
            Add(toml, "    ", name switch { "cert-path" => "tls_cert_path", "tlsverify" => "tls_verify", _ => Key(name) }, Value(flags, flag));
        }

        if (section == "docker")
        {
            // A volume for caches is always among them.
            var volumes = flags.List("docker-volumes");
            var hasCache = volumes.Any(volume => volume.EndsWith("/cache", StringComparison.Ordinal)) || flags.Is("docker-disable-cache");
            Add(toml, "    ", "volumes", List(hasCache ? volumes : [.. volumes, "/cache"]));
        }
    }

    // GitLab keeps the others, and some only steer the registration.
    private static bool IsLocal(string name) => name is not ("non-interactive" or "leave-runner" or "template-config" or "tag-list"
        or "run-untagged" or "locked" or "paused" or "access-level" or "maximum-timeout" or "maintenance-note");

    private static string Value(Flags flags, Flag flag) => flag.Kind switch
    {
        FlagKind.List or FlagKind.Policies => List(flags.List(flag.Name)),
        FlagKind.TextMap => Map(flags, flag, Text),
        FlagKind.BooleanMap => Map(flags, flag, value => value is "" or "1" or "t" or "T" or "true" or "TRUE" or "True" ? "true" : "false"),
        FlagKind.ListMap => Map(flags, flag, value => List([value])),
        FlagKind.Structure => "{}",
        FlagKind.Boolean => flags.Is(flag.Name) ? "true" : "false",
        FlagKind.Number => flags.Text(flag.Name),
        _ => Text(flags.Text(flag.Name)),
    };

    private static string Map(Flags flags, Flag flag, Func<string, string> member) => "{" + string.Join(", ", flags.List(flag.Name)
        .Select(value => value.Split(':', 2)).Select(pair => $"{Text(pair[0])} = {member(pair[1])}")) + "}";

    private static string Key(string flag) => flag.Replace('-', '_');

    private static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Text))}]";

    // The basic strings of TOML take the escapes of JSON.
    private static string Text(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static void Add(StringBuilder toml, string indent, string key, string value) =>
        toml.Append(indent).Append(key).Append(" = ").Append(value).Append('\n');

    private string Value(string key)
    {
        var line = Toml.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith(key + " = ", StringComparison.Ordinal));
        if (line is null)
        {
            return "";
        }

        using var value = JsonDocument.Parse(line[(key.Length + 3)..]);
        return value.RootElement.GetString() ?? "";
    }
}
