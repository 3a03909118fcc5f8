using RunnerWebhook.Core.Json;
using Xunit;
using static RunnerWebhook.Tests.Yaml.PatchScript;

namespace RunnerWebhook.Tests.Yaml;

public sealed class YamlFileTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("\uFEFF", 0)]
    [InlineData("# only a comment\n", 0)]
    [InlineData("---\n---\n# x\n---\n", 0)]
    [InlineData("null\n--- ~\n", 0)]
    [InlineData("a: 1\n---\n---\nb: 2\n...\n# end\n", 2)]
    [InlineData("%YAML 1.1\n---\na: 1\n...\n%YAML 1.1\n---\nb: 1\n", 2)]
    [InlineData("--- {a: 1}\n--- [1]\n--- x\n--- |\n  t\n", 4)]
    [InlineData("\uFEFFa: 1\r\n---\r\nb: 2\r\n", 2)]
    public void Parse_OfSeveralDocuments_LeavesOutEmptyOnes(string text, int count) =>
        Assert.Equal(count, Parse(text).Documents.Length);

    [Theory]
    [InlineData("a: &x {b: 1}\nc: *x\n", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("a: &x 1\nb: &x 2\nc: *x\n", """{"a":1,"b":2,"c":2}""")]
    [InlineData("a: &x\nb: *x\n", """{"a":null,"b":null}""")]
    [InlineData("- &x [1]\n- *x\n", "[[1],[1]]")]
    [InlineData("base: &x\n  b: 1\n  c: 2\na:\n  <<: *x\n  c: 3\n", """{"base":{"b":1,"c":2},"a":{"b":1,"c":3}}""")]
    [InlineData("a: \"\\x41\\u0042\\/\\t\"\n", """{"a":"AB/\t"}""")]
    [InlineData("a: one\n  two\n\n  three\n", """{"a":"one two\nthree"}""")]
    [InlineData("? a\n: b\n", """{"a":"b"}""")]
    [InlineData("a: |\n  b", """{"a":"b\n"}""")]
    [InlineData("a: |+\n  b", """{"a":"b\n"}""")]
    [InlineData("a: |-\n  b", """{"a":"b"}""")]
    [InlineData("{\"a\" : [ 1 ,\t2 ] }", """{"a":[1,2]}""")]
    [InlineData("a:\tb\n", """{"a":"b"}""")]
    [InlineData("- a\n- b *c: d\n", """["a",{"b *c":"d"}]""")]
    public void Parse_OfDocument_GivesItsJson(string text, string json) => Assert.Equal(json, PatchScript.Json(text));

    [Theory]
    [InlineData("a: 1\nb:\n\tc: 2\n", 3, 1)]
    [InlineData("a: 1\nb: 'x\n", 2, 4)]
    [InlineData("a: 1\nb: [1, 2\n", 3, 1)]
    [InlineData("a: 1\nb: 2\na: 3\n", 3, 1)]
    [InlineData("a: 1\n\0b: 2\n", 2, 1)]
    [InlineData("a: *x\n", 1, 4)]
    [InlineData("a: &x [*x]\n", 1, 8)]
    [InlineData("a:\n  - b\n c: 1\n", 3, 2)]
    [InlineData("a: b: c\n", 1, 5)]
    [InlineData("a: .inf\n", 1, 4)]
    [InlineData("a: 1\n~: 2\n", 2, 1)]
    [InlineData("? [a]\n: 2\n", 1, 3)]
    [InlineData("a: @x\n", 1, 4)]
    [InlineData("a: 1\n---\nb: {\n", 4, 1)]
    public void Parse_OfBadText_TellsWhere(string text, int line, int column)
    {
        var error = Error(text);

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void Parse_OfDuplicateKey_NamesBothLines() =>
        Assert.Contains("line 2", Error("b: 1\na: 1\nc: 2\na: 3\n").Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_OfSeveralFaults_TellsAll()
    {
        RunnerWebhook.Yaml.YamlFile.Parse("a: .nan\nb: 1\nb: 2\n", out var errors);

        Assert.Equal([1, 3], errors.Select(error => error.Line));
    }

    [Theory]
    [InlineData("/spec/containers/1/image", false, 7, 12)]
    [InlineData("/spec/containers/1/image", true, 7, 5)]
    [InlineData("/spec/containers/1", false, 6, 5)]
    [InlineData("/spec/containers/1", true, 6, 5)]
    [InlineData("/spec/containers/9/image", false, 3, 3)]
    [InlineData("/spec/containers", true, 2, 3)]
    [InlineData("/spec/volumes", false, 8, 3)]
    [InlineData("/spec/missing/deep", false, 2, 3)]
    [InlineData("", false, 1, 1)]
    [InlineData("/missing", false, 1, 1)]
    public void PositionOf_Pointer_IsThatOfNearestNode(string pointer, bool key, int line, int column)
    {
        const string Text = "spec:\n  containers:\n  - name: a\n    image: b\n  # c\n  - name: d\n    image: e\n"
            + "  volumes:\n";

        Assert.Equal(
            (line, column), Parse(Text).Documents[0].PositionOf(JsonPointer.TryParse(pointer)!, key));
    }

    [Fact]
    public void PositionOf_MergedMember_IsWhereItIsWritten() => Assert.Equal(
        (2, 6), Parse("a: &x\n  b: 1\nc:\n  <<: *x\n").Documents[0].PositionOf(JsonPointer.Of("c", "b")));

    [Fact]
    public void Splice_WithoutOperations_GivesTheSameText()
    {
        var text = "\uFEFF# a\r\na: 1 \r\n---\r\n\r\n";

        Assert.Equal(text, Splice(text));
    }
}
