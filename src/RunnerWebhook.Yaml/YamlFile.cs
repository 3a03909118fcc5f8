using System.Collections.Immutable;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Yaml;

/// <summary>One YAML or JSON text with all its documents.</summary>
internal sealed class YamlFile
{
    private const char ByteOrderMark = '\uFEFF';

    private YamlFile(string text, string body, ImmutableArray<YamlDocument> documents)
    {
        Text = text;
        Body = body;
        Documents = documents;
    }

    /// <summary>The whole text as it was given.</summary>
    public string Text { get; }

    /// <summary>The documents; empty ones are left out.</summary>
    public ImmutableArray<YamlDocument> Documents { get; }

    /// <summary>The text behind the byte order mark, to which all offsets refer.</summary>
    internal string Body { get; }

    /// <summary>Reads a text, or tells all that is known to be wrong with it.</summary>
    /// <param name="text">The text; a byte order mark is allowed.</param>
    /// <param name="errors">What is wrong; empty where the result is not null.</param>
    public static YamlFile? Parse(string text, out ImmutableArray<YamlError> errors)
    {
        var body = text.StartsWith(ByteOrderMark) ? text[1..] : text;
        var lines = new LineMap(body);
        if (ControlCharacter.Find(body) is { } control)
        {
            errors = [lines.Error(control, $"the control character U+{(int)body[control]:X4} is not allowed")];
            return null;
        }

        var composed = YamlComposer.Compose(body, lines, out var problems);
        var documents = ImmutableArray.CreateBuilder<YamlDocument>();
        for (var at = 0; problems.Count == 0 && at < composed.Count; at++)
        {
            var start = at == 0 ? 0 : composed[at].Start;
            var end = at + 1 < composed.Count ? composed[at + 1].Start : body.Length;
            if (composed[at].Root is ScalarNode { Value.Kind: ScalarKind.Null })
            {
                continue;
            }

            var json = JsonExpansion.Expand(composed[at].Root, out var problem);
            if (problem is { } known)
            {
                problems.Add(lines.Error(known.Offset, known.Message));
            }

            documents.Add(new(json, start..end, composed[at].Root, lines));
        }

        errors = [.. problems];
        return errors.IsEmpty ? new(text, body, documents.ToImmutable()) : null;
    }

    /// <summary>
    /// Changes the documents and nothing else: comments, order and quoting stay. The operations that undo a change
    /// give back the very text before it.
    /// </summary>
    /// <param name="patches">The operations by index of <see cref="Documents"/>.</param>
    /// <param name="error">Why the text cannot be changed, where the result is null.</param>
    public string? Splice(IReadOnlyDictionary<int, ImmutableArray<PatchOperation>> patches, out YamlError? error) =>
        FileSplice.Apply(this, patches, out error);
}
