using System.Collections.Immutable;
using System.Text;
using CsCheck;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Yaml;

public sealed class RobustnessTests
{
    private const int Large = 5_000_000;

    // Each takes about a second; the bound leaves no room for quadratic time.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ":", ": ", "- ", "? ", ", ", "\n", "\n  ", "\r\n", "\r", "\t", "|\n", ">\n", "|2\n", "&a ",
        "*a", "<<: ", "!!str ", "!", "'", "\"", "\\", "#", " #", "%YAML 1.1\n", "---\n", "...\n", "\uFEFF", "\0", "~",
        "\u0085", "\u2028", "\uD83D", "@", "`", "a", "b: c", "a: {b: [c]}", "0x", "- - ", "\n\n", "%TAG ! x\n", "!<",
    ];

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("{a: ")]
    [InlineData("'")]
    [InlineData("\"a")]
    [InlineData("a")]
    [InlineData("a ")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\t")]
    [InlineData("#")]
    [InlineData("# x\n")]
    [InlineData("---\n")]
    [InlineData("a: b\n---\n")]
    [InlineData("- a\n")]
    [InlineData("- {a: [b, \"c\"]}\n")]
    [InlineData("%YAML 1.1\n")]
    [InlineData("&a ")]
    [InlineData("!a ")]
    [InlineData("*a ")]
    [InlineData("1")]
    [InlineData(": ")]
    [InlineData(", ")]
    [InlineData("|\n")]
    [InlineData("a: |\n\n\n")]
    [InlineData("\\")]
    [InlineData("\0")]
    [InlineData("\uFFFD\u0001")]
    public void Parse_OfLargeRepetition_Ends(string unit)
    {
        var text = new StringBuilder().Insert(0, unit, Large / unit.Length).ToString();
        ImmutableArray<YamlError> errors = [];

        Assert.InRange(ProcessorTime.Of(() => YamlFile.Parse(text, out errors)), TimeSpan.Zero, Bound);

        Assert.True(errors.Length <= 100);
    }

    [Theory]
    [InlineData("{a: 1, b: 2}", "x: *l8\n")]
    [InlineData("{a: 1, b: 2}", "x:\n  <<: *l8\n")]
    [InlineData("{}", "x: *l8\n")]
    [InlineData("{}", "x:\n  <<: *l8\n")]
    public void Parse_OfAliasBomb_IsAnError(string core, string use)
    {
        var text = new StringBuilder($"l0: &l0 {core}\n");
        for (var level = 1; level <= 8; level++)
        {
            var aliases = string.Join(", ", Enumerable.Repeat($"*l{level - 1}", 10));
            text.Append(use.Contains("<<", StringComparison.Ordinal)
                ? $"l{level}: &l{level} {{<<: [{aliases}]}}\n"
                : $"l{level}: &l{level} [{aliases}]\n");
        }

        text.Append(use);

        Assert.InRange(ProcessorTime.Of(() =>
            Assert.Contains("100000", PatchScript.Error(text.ToString()).Message, StringComparison.Ordinal)), TimeSpan.Zero, Bound);
    }

    [Fact]
    public void Parse_OfManyCopiesOfALongText_IsAnError()
    {
        var text = $"a: &a {new string('x', 1_000_000)}\nb: [{string.Join(", ", Enumerable.Repeat("*a", 1_000))}]\n";

        Assert.Contains("aliases", PatchScript.Error(text).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(101, false)]
    [InlineData(2_000, false)]
    public void Parse_OfDeepNesting_StopsAtTheBound(int depth, bool isRead)
    {
        var text = new string('[', depth) + new string(']', depth);

        Assert.Equal(isRead, YamlFile.Parse(text, out _) is not null);
    }

    [Fact]
    public void Parse_OfNestingThroughAliases_StopsAtTheBound()
    {
        var text = new StringBuilder("- &a0 []\n");
        for (var level = 1; level <= 120; level++)
        {
            text.Append($"- &a{level} [*a{level - 1}]\n");
        }

        Assert.Contains("nesting", PatchScript.Error(text.ToString()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfAnyFragments_NeverThrows() =>
        Gen.OneOf(Fragments).Array[0, 30].Select(string.Concat).Sample(Probe, iter: 30_000);

    [Fact]
    public void Parse_OfAnyString_NeverThrows() => Gen.String.Sample(Probe, iter: 5_000);

    [Fact]
    public void Parse_OfAlteredManifest_NeverThrows() =>
        Gen.Select(Gen.Byte.Array[0, 90], Gen.Int[0, 2_000], Gen.Int[0, 8], Gen.OneOf(Fragments))
            .Select((bytes, at, length, fragment) =>
            {
                var text = ManifestText.Of(bytes);
                at = Math.Min(at, text.Length);
                return text[..at] + fragment + text[Math.Min(at + length, text.Length)..];
            })
            .Sample(Probe, iter: 10_000);

    [Fact]
    public void Parse_OfLargeManifest_IsFastEnough()
    {
        var text = new StringBuilder();
        while (text.Length < Large)
        {
            text.Append("---\nkind: Pod\nspec:\n  containers:\n    - name: a # c\n      args: [\"x\", 'y', 1]\n");
        }

        Assert.InRange(ProcessorTime.Of(() =>
            Assert.True(PatchScript.Parse(text.ToString()).Documents.Length > 50_000)), TimeSpan.Zero, Bound);
    }

    // Whatever the text is, it is read or refused; what is read can be spliced or is refused.
    private static void Probe(string text)
    {
        if (YamlFile.Parse(text, out var errors) is not { } file)
        {
            Assert.NotEmpty(errors);
            Assert.All(errors, error => Assert.True(error is { Line: >= 1, Column: >= 1 }));
            return;
        }

        for (var index = 0; index < file.Documents.Length; index++)
        {
            ImmutableArray<PatchOperation> operations =
            [
                PatchOperation.Add(JsonPointer.Of("new"), new System.Text.Json.Nodes.JsonArray("a")),
                PatchOperation.Add(JsonPointer.Of("new", "-"), "b"),
            ];
            file.Splice(new Dictionary<int, ImmutableArray<PatchOperation>> { [index] = operations }, out _);
        }
    }
}
