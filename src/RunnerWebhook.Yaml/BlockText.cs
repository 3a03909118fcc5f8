using System.Text;
using System.Text.Json;

namespace RunnerWebhook.Yaml;

/// <summary>Writes values in block style. No text ends with a line break.</summary>
internal sealed class BlockText
{
    private readonly YamlStyle _style;
    private readonly bool _literals;
    private readonly StringBuilder _text = new();

    /// <summary>Starts a text.</summary>
    /// <param name="style">The style.</param>
    /// <param name="literals">Whether strings of several lines may become literal blocks.</param>
    public BlockText(YamlStyle style, bool literals = true)
    {
        _style = style;
        _literals = literals;
    }

    /// <summary>Whether the text ends with a literal that needs a line break after it.</summary>
    public bool EndsWithClippedLiteral { get; private set; }

    /// <summary>What is written up to now.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Writes <c>name: value</c> with its indentation.</summary>
    public BlockText Member(string name, JsonElement value, int indent)
    {
        Indent(indent);
        return MemberHere(name, value, indent);
    }

    /// <summary>Writes <c>- value</c> with its indentation.</summary>
    public BlockText Item(JsonElement value, int indent)
    {
        Indent(indent);
        _text.Append('-');
        return ValueAfterDash(value, indent);
    }

    /// <summary>Writes what follows the colon of a key.</summary>
    /// <param name="value">The value.</param>
    /// <param name="indent">The column of the key.</param>
    public BlockText ValueAfterColon(JsonElement value, int indent)
    {
        if (ScalarText.IsSingle(value))
        {
            Single(value, indent + _style.MappingStep);
            return this;
        }

        _text.Append(_style.Newline);
        return value.ValueKind == JsonValueKind.Object
            ? Members(value, indent + _style.MappingStep, isFirstHere: false)
            : Items(value, indent + _style.SequenceOffset, isFirstHere: false);
    }

    /// <summary>Writes what follows the hyphen of an item.</summary>
    /// <param name="value">The value.</param>
    /// <param name="indent">The column of the hyphen.</param>
    /// <param name="onNextLine">Whether a collection starts on a line of its own.</param>
    public BlockText ValueAfterDash(JsonElement value, int indent, bool onNextLine = false)
    {
        if (ScalarText.IsSingle(value))
        {
            Single(value, indent + 2);
            return this;
        }

        _text.Append(onNextLine ? _style.Newline : " ");
        return Collection(value, indent + 2, !onNextLine);
    }

    /// <summary>Writes a value that is a whole document.</summary>
    public BlockText Document(JsonElement value)
    {
        if (ScalarText.IsSingle(value))
        {
            Single(value, 2);
            _text.Remove(0, 1);
            return this;
        }

        return Collection(value, 0, isFirstHere: true);
    }

    private BlockText Collection(JsonElement value, int indent, bool isFirstHere) =>
        value.ValueKind == JsonValueKind.Object
            ? Members(value, indent, isFirstHere)
            : Items(value, indent, isFirstHere);

    private BlockText Members(JsonElement value, int indent, bool isFirstHere)
    {
        foreach (var member in value.EnumerateObject())
        {
            NextEntry(indent, ref isFirstHere);
            MemberHere(member.Name, member.Value, indent);
        }

        return this;
    }

    private BlockText Items(JsonElement value, int indent, bool isFirstHere)
    {
        foreach (var item in value.EnumerateArray())
        {
            NextEntry(indent, ref isFirstHere);
            _text.Append('-');
            ValueAfterDash(item, indent);
        }

        return this;
    }

    // The first entry may continue a line, as in "- name: x"; all others start their own.
    private void NextEntry(int indent, ref bool isFirstHere)
    {
        if (!isFirstHere)
        {
            if (_text.Length > 0 && !EndsWithNewline())
            {
                _text.Append(_style.Newline);
            }

            Indent(indent);
        }

        isFirstHere = false;
    }

    private bool EndsWithNewline() => _text[^1] == _style.Newline[^1];

    private BlockText MemberHere(string name, JsonElement value, int indent)
    {
        _text.Append(ScalarText.OfString(name)).Append(':');
        return ValueAfterColon(value, indent);
    }

    private void Single(JsonElement value, int indent)
    {
        EndsWithClippedLiteral = false;
        _text.Append(' ');
        if (!_literals || value.ValueKind != JsonValueKind.String
            || ScalarText.TryLiteral(value.GetString()!) is not var (header, lines))
        {
            _text.Append(ScalarText.Of(value));
            return;
        }

        _text.Append(header);
        foreach (var line in lines)
        {
            _text.Append(_style.Newline);
            Indent(line.Length > 0 ? indent : 0);
            _text.Append(line);
        }

        EndsWithClippedLiteral = header == "|";
    }

    private void Indent(int columns) => _text.Append(' ', columns);
}
