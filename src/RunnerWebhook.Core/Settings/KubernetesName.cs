namespace RunnerWebhook.Core.Settings;

/// <summary>The rules for names in Kubernetes (RFC 1123, as the API server applies it).</summary>
public static class KubernetesName
{
    /// <summary>What <see cref="IsLabel"/> allows, for messages.</summary>
    public const string LabelRule = "1 to 63 lower-case letters, digits and '-', with a letter or digit at both ends";

    /// <summary>What <see cref="IsSubdomain"/> allows, for messages.</summary>
    public const string SubdomainRule =
        "1 to 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends";

    /// <summary>What <see cref="IsDataKey"/> allows, for messages.</summary>
    public const string DataKeyRule = "1 to 253 letters, digits, '-', '_' and '.'";

    /// <summary>Whether the text can name a container or a volume.</summary>
    public static bool IsLabel(string text) => text.Length is > 0 and <= 63 && EndsWell(text)
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Whether the text can name a Secret or a ConfigMap.</summary>
    public static bool IsSubdomain(string text) =>
        text.Length is > 0 and <= 253 && text.Split('.').All(IsLabel);

    /// <summary>Whether the text can be a key in a Secret or a ConfigMap.</summary>
    public static bool IsDataKey(string text) => text.Length is > 0 and <= 253 && text is not ("." or "..")
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool EndsWell(string text) => text[0] != '-' && text[^1] != '-';
}
