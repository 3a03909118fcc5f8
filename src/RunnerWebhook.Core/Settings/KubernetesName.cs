namespace RunnerWebhook.Core.Settings;

/// <summary>The rules for names in Kubernetes (RFC 1123, as the API server applies it).</summary>
public static class KubernetesName
{
    /// <summary>What <see cref="IsLabel"/> allows, for messages.</summary>
    public const string LabelRule = "1 to 63 lower-case letters, digits and '-', with a letter or digit at both ends";

    /// <summary>What <see cref="IsSubdomain"/> allows, for messages.</summary>
    public const string SubdomainRule =
        "1 to 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends and around each '.'";

    /// <summary>What <see cref="IsDataKey"/> allows, for messages.</summary>
    public const string DataKeyRule = "1 to 253 letters, digits, '-', '_' and '.'";

    /// <summary>Whether the text can name a container or a volume.</summary>
    public static bool IsLabel(string text) => text.Length <= 63 && IsPart(text);

    /// <summary>Whether the text can name a Secret or a ConfigMap.</summary>
    public static bool IsSubdomain(string text) =>
        text.Length <= 253 && text.Split('.').All(IsPart);

    /// <summary>Whether the text can be a key in a Secret or a ConfigMap.</summary>
    public static bool IsDataKey(string text) => text.Length is > 0 and <= 253 && text is not ("." or "..")
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    // The API server limits the length of the whole alone.
    private static bool IsPart(string text) => text.Length > 0 && text[0] != '-' && text[^1] != '-'
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
