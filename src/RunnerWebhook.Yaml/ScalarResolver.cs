using System.Globalization;
using System.Text;

namespace RunnerWebhook.Yaml;

/// <summary>
/// Gives scalars the meaning that kubectl gives them: YAML 1.1 as its library (sigs.k8s.io/yaml) reads it, except
/// that numbers keep their text.
/// </summary>
internal static class ScalarResolver
{
    private const string CoreTag = "tag:yaml.org,2002:";

    /// <summary>The meaning of a scalar.</summary>
    /// <param name="text">Its text, unquoted.</param>
    /// <param name="isPlain">Whether it is written without quotes, not as a block.</param>
    /// <param name="tag">Its full tag, or null.</param>
    /// <param name="isJson">Whether the whole document is JSON, where a number is a number however large.</param>
    public static ScalarValue Resolve(string text, bool isPlain, string? tag, bool isJson)
    {
        if (tag is null)
        {
            return isPlain ? ResolvePlain(text, isJson) : new(ScalarKind.Text, text);
        }

        var name = tag.StartsWith(CoreTag, StringComparison.Ordinal) ? tag[CoreTag.Length..] : "";
        return name switch
        {
            "binary" => Decode(text),
            "null" => Require(text, name, ResolvePlain(text, isJson), ScalarKind.Null),
            "bool" => Require(text, name, ResolvePlain(text, isJson), ScalarKind.True, ScalarKind.False),
            "int" => Require(text, name, ResolvePlain(text, isJson), ScalarKind.Integer),
            "float" => Require(text, name, ResolvePlain(text, isJson), ScalarKind.Float, ScalarKind.Integer,
                ScalarKind.NotFinite),
            "merge" when isPlain && text == "<<" => new(ScalarKind.Merge, text),
            _ => new(ScalarKind.Text, text),
        };
    }

    private static ScalarValue ResolvePlain(string text, bool isJson) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => new(ScalarKind.Null, text),
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON"
            => new(ScalarKind.True, text),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF"
            => new(ScalarKind.False, text),
        ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF"
            or "-.inf" or "-.Inf" or "-.INF" => new(ScalarKind.NotFinite, text),
        "<<" => new(ScalarKind.Merge, text),
        _ when char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.' => ResolveNumber(text, isJson),
        _ => new(ScalarKind.Text, text),
    };

    // A commit such as 12e4567 is too large for a number; kubectl then takes it for a string.
    private static ScalarValue ResolveNumber(string text, bool isJson) =>
        NumberText.TryRead(text) is { } number && (isJson || number.Kind == ScalarKind.Integer
            || double.IsFinite(double.Parse(number.Text, CultureInfo.InvariantCulture)))
            ? number
            : new(ScalarKind.Text, text);

    private static ScalarValue Require(
        string text, string tag, ScalarValue value, params ReadOnlySpan<ScalarKind> kinds) =>
        kinds.Contains(value.Kind)
            ? value
            : new(ScalarKind.Misfit, $"the value '{Shorten(text)}' does not fit its tag !!{tag}");

    private static ScalarValue Decode(string text)
    {
        var bytes = new byte[text.Length];
        var compact = text.Replace("\n", "", StringComparison.Ordinal);
        return !compact.Contains(' ', StringComparison.Ordinal)
            && Convert.TryFromBase64String(compact, bytes, out var length)
            ? new(ScalarKind.Text, Encoding.UTF8.GetString(bytes, 0, length))
            : new(ScalarKind.Misfit, "the value of !!binary is not valid base64");
    }

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
