using System.Text;
using System.Text.Json;

namespace RunnerWebhook.Yaml;

/// <summary>Writes values in flow style, which is JSON where the document is.</summary>
internal static class FlowText
{
    /// <summary>The text of a value.</summary>
    /// <param name="style">The style.</param>
    /// <param name="value">The value.</param>
    /// <param name="indent">
    /// The indentation of the line that it starts on, to write it on several lines; null for one line.
    /// </param>
    public static string Of(YamlStyle style, JsonElement value, string? indent)
    {
        var text = new StringBuilder();
        Append(text, style, value, indent);
        return text.ToString();
    }

    /// <summary>The text of a member.</summary>
    public static string OfMember(YamlStyle style, string name, JsonElement value, string? indent)
    {
        var text = new StringBuilder();
        AppendMember(text, style, name, value, indent);
        return text.ToString();
    }

    private static void Append(StringBuilder text, YamlStyle style, JsonElement value, string? indent)
    {
        if (ScalarText.IsSingle(value))
        {
            text.Append(ScalarText.Of(value, inFlow: true, style.IsJson));
            return;
        }

        var isObject = value.ValueKind == JsonValueKind.Object;
        var inner = indent is null ? null : indent + style.FlowUnit;
        var lineStart = inner is null ? "" : style.Newline + inner;
        var isFirst = true;
        text.Append(isObject ? '{' : '[');
        if (isObject)
        {
            foreach (var member in value.EnumerateObject())
            {
                AppendSeparator(text, style, lineStart, ref isFirst);
                AppendMember(text, style, member.Name, member.Value, inner);
            }
        }
        else
        {
            foreach (var item in value.EnumerateArray())
            {
                AppendSeparator(text, style, lineStart, ref isFirst);
                Append(text, style, item, inner);
            }
        }

        text.Append(indent is null ? "" : style.Newline + indent).Append(isObject ? '}' : ']');
    }

    private static void AppendSeparator(StringBuilder text, YamlStyle style, string lineStart, ref bool isFirst)
    {
        text.Append(isFirst ? "" : lineStart.Length > 0 ? "," : style.Separator).Append(lineStart);
        isFirst = false;
    }

    private static void AppendMember(
        StringBuilder text, YamlStyle style, string name, JsonElement value, string? indent)
    {
        text.Append(ScalarText.OfString(name, inFlow: true, style.IsJson)).Append(style.Colon);
        Append(text, style, value, indent);
    }
}
