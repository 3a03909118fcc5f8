using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace RunnerWebhook.Playground;

/// <summary>The page: one HTML file with its style and script inside, and the samples in its text fields.</summary>
internal sealed class PlaygroundPage
{
    private PlaygroundPage(string html)
    {
        Html = html;
        // Nothing but the page's own script and style runs, and it connects to this server only.
        Policy = $"default-src 'none'; script-src '{HashOf(html, "script")}'; style-src '{HashOf(html, "style")}'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /// <summary>The HTML.</summary>
    public string Html { get; }

    /// <summary>The Content-Security-Policy that it is served with.</summary>
    public string Policy { get; }

    /// <summary>Reads the page that is in the program.</summary>
    public static PlaygroundPage Load() => new(Resource("playground.html")
        .Replace("{{manifest}}", WebUtility.HtmlEncode(Resource("sample-daemonset.yaml")), StringComparison.Ordinal)
        .Replace("{{configuration}}", WebUtility.HtmlEncode(Resource("sample-config.yaml")), StringComparison.Ordinal));

    private static string Resource(string name)
    {
        using var stream = typeof(PlaygroundPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string HashOf(string html, string element)
    {
        var begin = html.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var text = html[begin..html.IndexOf($"</{element}>", begin, StringComparison.Ordinal)];
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
