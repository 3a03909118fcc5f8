using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Yaml;

public sealed class YamlWriterTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["ab01.-+:#'\"\\{}[],&*!|>%@`~=<?_ \n\t\r"], 0, 12],
        Gen.OneOf(
            "yes", "y", "null", "~", "1e3", "0x1F", "1_000", ".inf", "<<", "=", "---", "...", "- a", "a: b", "a #b",
            "12:30:45", "2024-01-01", "{\"a\":\"it's\"}", "#!/bin/sh\nset -e\n", "a\n", "\n", " a\nb", "a\n\nb",
            "a \nb", "a\n ", "\u0085", "\u2028", "\uFEFF", "\U0001F600", "\u00E9t\u00E9", "a\r\nb", "\ta\nb"));

    [Theory]
    [InlineData("""{"a":{"b":[1,{"c":"d","e":[]}],"f":{}},"g":null}""",
        "a:\n  b:\n    - 1\n    - c: d\n      e: []\n  f: {}\ng: null\n")]
    [InlineData("""[[1,2],[],{"a":[{"b":1}]}]""", "- - 1\n  - 2\n- []\n- a:\n    - b: 1\n")]
    [InlineData("{}", "{}\n")]
    [InlineData("[]", "[]\n")]
    [InlineData("\"text\"", "text\n")]
    [InlineData("\"one\\ntwo\\n\"", "|\n  one\n  two\n")]
    [InlineData("1.50", "1.50\n")]
    [InlineData("""{"a":"x\ny\n","b":"x\ny"}""", "a: |\n  x\n  y\nb: |-\n  x\n  y\n")]
    [InlineData("""{"a":"x\n\ny\n"}""", "a: |\n  x\n\n  y\n")]
    [InlineData("""{"a":" x\ny"}""", "a: \" x\\ny\"\n")]
    [InlineData("""{"a":"x \ny"}""", "a: \"x \\ny\"\n")]
    [InlineData("""{"a":"x\ty"}""", "a: \"x\\ty\"\n")]
    [InlineData("""{"":1," a":2,"a:":3,"a: b":4,"a:b":5}""", "\"\": 1\n\" a\": 2\n\"a:\": 3\n\"a: b\": 4\na:b: 5\n")]
    public void Write_OfJson_IsBlockStyle(string json, string expected) =>
        Assert.Equal(expected, YamlWriter.Write(JsonElement.Parse(json)));

    [Theory]
    [InlineData("word", "word")]
    [InlineData("two words", "two words")]
    [InlineData("--flag=x", "--flag=x")]
    [InlineData("-c", "-c")]
    [InlineData("-1x", "\"-1x\"")]
    [InlineData("/run/x.sock", "/run/x.sock")]
    [InlineData("docker.io/a/b:1.2@sha256:00", "docker.io/a/b:1.2@sha256:00")]
    [InlineData("10Mi", "10Mi")]
    [InlineData("100m", "100m")]
    [InlineData("it's", "it's")]
    [InlineData("été", "été")]
    [InlineData("$(VAR)", "$(VAR)")]
    [InlineData("", "\"\"")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("y", "\"y\"")]
    [InlineData("Off", "\"Off\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("~", "\"~\"")]
    [InlineData("0777", "\"0777\"")]
    [InlineData("1e400", "\"1e400\"")]
    [InlineData("12:30", "\"12:30\"")]
    [InlineData("2024-01-01", "\"2024-01-01\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("-", "\"-\"")]
    [InlineData("- a", "\"- a\"")]
    [InlineData("---", "\"---\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData("a#b", "a#b")]
    [InlineData("a:", "\"a:\"")]
    [InlineData("*a", "\"*a\"")]
    [InlineData("&a", "\"&a\"")]
    [InlineData("@a", "\"@a\"")]
    [InlineData("{\"a\":1}", "'{\"a\":1}'")]
    [InlineData("say \"it's\"", "say \"it's\"")]
    [InlineData("\"it's\"", "'\"it''s\"'")]
    [InlineData(" a", "\" a\"")]
    [InlineData("a ", "\"a \"")]
    [InlineData("C:\\x: y", "'C:\\x: y'")]
    public void Write_OfString_QuotesWhereSomeReaderNeedsIt(string text, string expected) =>
        Assert.Equal(expected + "\n", YamlWriter.Write(JsonElement.Parse(JsonValue.Create(text).ToJsonString())));

    [Fact]
    public void Write_OfAnyText_IsReadBack() => Texts.Where(IsUnicode).Sample(
        text =>
        {
            var json = JsonElement.Parse(
                new JsonObject { ["k"] = text, ["l"] = new JsonArray(text, new JsonObject { [text] = text }) }
                    .ToJsonString());

            var written = YamlWriter.Write(json);

            Assert.True(JsonElement.DeepEquals(json, PatchScript.Parse(written).Documents[0].Json), written);
        },
        iter: 10_000);

    [Fact]
    public void Splice_AnyTextIntoFlow_IsRight() => Gen.Select(
        Texts.Where(IsUnicode), Gen.OneOf("{\"a\":[]}", "{a: []}", "a: []\n", "{\n  \"a\": [\n    1\n  ]\n}\n"))
        .Sample((text, file) => PatchScript.ThereAndBack(
            file, Core.Json.PatchOperation.Add(Core.Json.JsonPointer.Of("a", "-"), text)), iter: 5_000);

    private static bool IsUnicode(string text) =>
        text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar);
}
