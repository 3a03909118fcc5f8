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

    /// <summary>The text after the byte order mark, to which all offsets refer.</summary>
    internal string Body { get; }

    /// <summary>What is remarkable though kubectl reads it without a word.</summary>
    public ImmutableArray<YamlError> Notes { get; private init; } = [];

    /// <summary>Whether a repeated key replaces the one before it; else it is an error.</summary>
    internal bool LastKeyWins { get; private init; }

    /// <summary>Reads a text, or reports all that is known to be wrong with it.</summary>
    /// <param name="text">The text; a byte order mark is allowed.</param>
    /// <param name="errors">What is wrong; empty if the result is not null.</param>
    /// <param name="lastKeyWins">Whether a repeated key replaces the one before it, as kubectl has it; else it is an
    /// error.</param>
    public static YamlFile? Parse(string text, out ImmutableArray<YamlError> errors, bool lastKeyWins = false)
    {
        var body = text.StartsWith(ByteOrderMark) ? text[1..] : text;
        var lines = new LineMap(body);
        if (ControlCharacter.Find(body) is { } control)
        {
            errors = [lines.Error(control, $"the control character U+{(int)body[control]:X4} is not allowed")];
            return null;
        }

        var findings = new ComposerFindings(lines, lastKeyWins);
        var documents = new List<YamlDocument>();
        foreach (var part in DocumentSplit.Of(body).TakeWhile(_ => !findings.IsFull))
        {
            documents.AddRange(Read(body, part, lines, findings));
        }

        errors = [.. findings.Errors];
        return errors.IsEmpty
            ? new(text, body, [.. documents]) { Notes = [.. findings.Notes], LastKeyWins = lastKeyWins }
            : null;
    }

    private static List<YamlDocument> Read(string body, TextPart part, LineMap lines, ComposerFindings findings)
    {
        var documents = new List<YamlDocument>();
        var known = findings.Errors.Count;
        findings.Base = part.Content;
        var composed = YamlComposer.Compose(body[part.Content..part.End], part.IsJson, findings);
        for (var at = 0; findings.Errors.Count == known && at < composed.Count; at++)
        {
            var start = at == 0 ? part.Start : part.Content + composed[at].Start;
            var end = at + 1 < composed.Count ? part.Content + composed[at + 1].Start : part.End;
            if (composed[at].Root is ScalarNode { Value.Kind: ScalarKind.Null })
            {
                continue;
            }

            var json = JsonExpansion.Expand(composed[at].Root, out var problem);
            if (problem is { } found)
            {
                findings.Add(found.Offset, found.Message);
                break;
            }

            documents.Add(new(json, start..end, composed[at].Root, lines, part.Content));
        }

        return documents;
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
