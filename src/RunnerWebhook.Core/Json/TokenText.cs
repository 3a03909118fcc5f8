using System.Buffers;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Core.Json;

/// <summary>Takes tokens out of texts that others wrote: a GitLab, or a proxy in front of it, may repeat the token of the request
/// in its answer, and a user may write a token where a name belongs.</summary>
public static partial class TokenText
{
    /// <summary>What is shown in place of a token.</summary>
    public const string Mark = "***";

    // Most texts have none of them, and the log masks several for each request.
    private static readonly SearchValues<string> Signs =
        SearchValues.Create(["gl", "GR1348941", "eyJ", "://"], StringComparison.Ordinal);

    /// <summary>The text without what looks like a token of GitLab, or like a signed one such as a service account's, and without
    /// the passwords of URLs.</summary>
    public static string Mask(string text) => text.AsSpan().ContainsAny(Signs)
        ? Password().Replace(Shape().Replace(text, Mark), Mark) : text;

    /// <summary>The same, also without a token that is known: an older one, or one with a prefix that an administrator chose,
    /// looks like no token.</summary>
    public static string Mask(string text, string token) =>
        Mask(token.Length == 0 ? text : text.Replace(token, Mark, StringComparison.OrdinalIgnoreCase));

    // GitLab's prefixes (source: its documentation of tokens). Names such as global-config begin similarly. A signed token begins
    // where its characters do, or after a dash in them; it is searched for from there alone, so that each is read once.
    [GeneratedRegex(@"\b(?:gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct)-|GR1348941)[\w.=-]+"
        + @"|(?<![\w-])(?>(?:[\w-]*?[_-])??eyJ)[\w-]+\.[\w-]+\.[\w-]*",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"(?<=://[^\s/@:""']*:)[^\s/@""']+(?=@)", RegexOptions.CultureInvariant)]
    private static partial Regex Password();
}
