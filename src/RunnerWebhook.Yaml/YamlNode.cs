namespace RunnerWebhook.Yaml;

/// <summary>One node of a composed document with its place in the text. Offsets count UTF-16 code units.</summary>
internal abstract class YamlNode
{
    /// <summary>The first character, that of the anchor or tag if there is one.</summary>
    public required int Start { get; set; }

    /// <summary>The first character after anchor and tag.</summary>
    public required int ContentStart { get; set; }

    /// <summary>After the last character; for block collections, after that of the last child.</summary>
    public int End { get; set; }

    /// <summary>The anchor's name.</summary>
    public string? Anchor { get; init; }

    /// <summary>Whether an alias elsewhere refers to this node.</summary>
    public bool IsAliased { get; set; }
}
