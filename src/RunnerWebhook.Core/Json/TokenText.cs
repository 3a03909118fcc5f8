using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Core.Json;

/// <summary>Takes tokens out of texts that others wrote: a GitLab, or a proxy in front of it, may repeat the token of the request
/// in its answer, and a user may write a token where a name belongs.</summary>
public static partial class TokenText
{
    /// <summary>What is shown in place of a token.</summary>
    public const string Mark = "***";

    // Almost every text has none of these, and is done.
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        ["gl", "GR1348941", "eyJ", "Z2x", "R1IxMzQ4OTQx", "token=", "password=", "secret=", "key="], StringComparison.Ordinal);

    /// <summary>The text without what looks like a token of GitLab, also in Base64, or like a signed one such as a service
    /// account's, and without the passwords of addresses and the credentials in their queries.</summary>
    public static string Mask(string text) => !text.Contains('@', StringComparison.Ordinal) && !text.AsSpan().ContainsAny(Signs)
        ? text : InAddress().Replace(Shape().Replace(text, Mark), Mark);

    /// <summary>The same, also without a token that is known, and its Base64: an older one, or one with a prefix that an
    /// administrator chose, looks like no token.</summary>
    public static string Mask(string text, string token) =>
        Mask(token.Length == 0 ? text : text.Replace(token, Mark, StringComparison.OrdinalIgnoreCase)
            .Replace(Convert.ToBase64String(Encoding.UTF8.GetBytes(token)), Mark, StringComparison.Ordinal));

    // GitLab's prefixes (source: its documentation of tokens), wherever in a word: an administrator may put one of the instance
    // before them, and escapes such as \n or %3D end in letters. Names such as global-config begin similarly. In Base64 each
    // begins with Z2x or R1I, wherever in a word too. A signed token begins where its characters do, or after a dash in them, or
    // anywhere if its second part begins like the first; it is searched for from there alone, so that each is read once.
    [GeneratedRegex(@"(?<![\w-])(?>[\w-]*?eyJ)[\w-]+\.eyJ[\w-]*\.[\w-]*"
        + @"|(?<![\w-])(?>(?:[\w-]*?[_-])??eyJ)[\w-]+\.[\w-]+\.[\w-]*"
        + @"|(?:gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct)-|GR1348941)[\w.=-]+"
        + @"|(?:Z2x|R1IxMzQ4OTQx)[A-Za-z0-9+/]{16,}={0,2}",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    // USER:PASSWORD@HOST, after a scheme or without one, unless it is IMAGE:TAG@DIGEST; and ?token=VALUE, without the sentence's
    // own punctuation.
    [GeneratedRegex(@"(?<=(?:://|^|[\s""'])[^\s/@:""']*:)[^\s/""']+(?=@(?!sha[0-9]+:))"
        + @"|(?<=[?&][\w-]*(?:token|password|secret|key)=)[^\s&#""']*[^\s&#""':;,.)]", RegexOptions.CultureInvariant)]
    private static partial Regex InAddress();
}
