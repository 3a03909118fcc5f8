namespace RunnerWebhook.Yaml;

/// <summary>One key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Name">The key as a JSON member name.</param>
/// <param name="Colon">The place of the colon, or -1 if there is none.</param>
/// <param name="Value">The value.</param>
/// <param name="IsMerge">Whether the key is the merge key.</param>
/// <param name="IsExplicit">Whether the key is marked with <c>?</c>.</param>
internal sealed record YamlPair(
    ScalarNode Key, string Name, int Colon, YamlNode Value, bool IsMerge, bool IsExplicit)
{
    /// <summary>After the last character.</summary>
    public int End => Math.Max(Math.Max(Key.End, Colon + 1), Value.End);
}
