using System.Text.RegularExpressions;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Check;

/// <summary>Takes out of a text what looks like a token or password.</summary>
internal static partial class Redaction
{
    /// <summary>What replaces it.</summary>
    public const string Mark = TokenText.Mark;

    /// <summary>The text without credentials.</summary>
    public static string Of(string text) =>
        Blocks().Replace(Assigned().Replace(UserInfo().Replace(TokenText.Mask(text), "$1***@"), "$1***"), Mark);

    [GeneratedRegex(@"(://)[^\s/@""']+@", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"((?:\brunner|[_-]runner|token|password|passwd|passphrase|secret|(?:secret|access|api|private)[-_]?key"
        + @"|authorization)"
        + @"""?\s*[=:]\s*""?(?:Bearer |Basic )?)[^\s""',;}]+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
        RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Blocks();
}
