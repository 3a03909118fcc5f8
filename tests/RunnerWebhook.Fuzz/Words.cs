using System.Collections.Immutable;
using System.Text;

namespace RunnerWebhook.Fuzz;

/// <summary>Words that the inputs' languages give a meaning to.</summary>
public static class Words
{
    /// <summary>The words, as bytes.</summary>
    public static ImmutableArray<byte[]> All { get; } = [.. new[]
    {
        // JSON
        "{", "}", "[", "]", ":", ",", "null", "true", "false", "{}", "[]", "\"\"", "0", "-1", "1e400", "0.10", "\\u0000", "\\ud800",
        "\\\"", "9223372036854775808", "\"a\":", "{\"a\":null}",
        // YAML
        "\n", "\n  ", "\r\n", "\t", ": ", "- ", "? ", " # c\n", "---\n", "...\n", "|\n", ">-\n", "|2\n", "&a ", "*a", "<<: ", "!!str ",
        "'", "\"", "~", "%YAML 1.1\n", "\uFEFF", "\u0085", "\u2028", "{a: b}", "[a, b]", "a: b\n", "- a\n", "\0",
        // Kubernetes
        "\"apiVersion\":\"v1\"", "\"kind\":\"Pod\"", "\"kind\":\"DaemonSet\"", "\"kind\":\"List\"", "\"metadata\":", "\"spec\":",
        "\"template\":", "\"labels\":", "\"annotations\":", "\"containers\":", "\"initContainers\":", "\"volumes\":", "\"name\":",
        "\"image\":", "\"env\":", "\"envFrom\":", "\"volumeMounts\":", "\"mountPath\":", "\"emptyDir\":{}", "\"hostPath\":",
        "\"securityContext\":", "\"lifecycle\":", "\"terminationGracePeriodSeconds\":30", "\"deletionTimestamp\":\"x\"",
        "\"restartPolicy\":\"Always\"", "\"command\":", "\"args\":", "\"resources\":", "\"readOnly\":true", "\"subPath\":\"x\"",
        "\"gitlab-runner\":\"inject\"", "\"gitlab-runner\"", "gitlab-runner: inject", "init-runner", "runner-config",
        "docker-socket", "/etc/gitlab-runner", "/var/run/docker.sock", "\"gitlab-runner/status\":", "\"gitlab-runner/engine\":",
        "\"gitlab-runner/tag-list\":", "\"gitlab-runner/container\":", "\"operation\":\"UPDATE\"", "\"oldObject\":", "\"dryRun\":true",
        // The configuration
        "profiles:", "default:", "register:", "policy:", "- namespaces: [\"*\"]", "allow:", "engine: {kind: dind}", "kind: remote",
        "token: {value: x}", "initContainer:", "position: before:x", "guard: false", "lifecycle:", "global:", "extraArgs:",
        "url: https://gitlab.example.com/", "tag-list: [a]", "gracePeriodSeconds: 0", "matchLabels:", "watchNamespaces: true",
        // Shells
        "gitlab-runner register", "gitlab-runner run", " && ", " || ", "; ", " | ", " & ", "$(", ")", "`", "${", "${A:-b}", "$A", "A=b ",
        "export ", "exec ", "sh -c '", "env ", "su x -c ", "timeout 1 ", "if ", "then ", "fi", "<<EOT\n", "EOT\n", ">/dev/null", "2>&1",
        "\\\n", "$@", "--config=", "-c ", "--help", "set -- ", "eval ", "xargs ",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The words in the form of a dictionary of AFL++.</summary>
    public static IEnumerable<string> Dictionary() => All.Select(word =>
        $"\"{string.Concat(word.Select(each => $"\\x{each:x2}"))}\"");
}
