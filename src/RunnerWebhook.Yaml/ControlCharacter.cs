using System.Buffers;

namespace RunnerWebhook.Yaml;

/// <summary>The characters that no YAML text may hold: a file with one is binary.</summary>
internal static class ControlCharacter
{
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code).Except(['\t', '\n', '\r']), '\uFFFE', '\uFFFF']);

    /// <summary>The place of the first one, or null.</summary>
    public static int? Find(string text)
    {
        var at = text.AsSpan().IndexOfAny(Controls);
        return at >= 0 ? at : null;
    }
}
