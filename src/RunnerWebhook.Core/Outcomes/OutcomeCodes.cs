using System.Collections.Frozen;
using System.Text;

namespace RunnerWebhook.Core.Outcomes;

/// <summary>The machine codes of <see cref="OutcomeCode"/>.</summary>
public static class OutcomeCodes
{
    private static readonly FrozenDictionary<OutcomeCode, string> Texts =
        Enum.GetValues<OutcomeCode>().ToFrozenDictionary(code => code, code => KebabCase(code.ToString()));

    /// <summary>The code in lower case with hyphens, as in <c>already-injected</c>.</summary>
    public static string Text(this OutcomeCode code) => Texts[code];

    /// <summary>Whether the object is refused.</summary>
    public static bool IsDenied(this OutcomeCode code) => code >= OutcomeCode.DeniedMalformed;

    private static string KebabCase(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterUpper(c) && text.Length > 0 ? "-" : "").Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
