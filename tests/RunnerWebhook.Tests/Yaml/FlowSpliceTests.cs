using Xunit;
using static RunnerWebhook.Tests.Yaml.PatchScript;

namespace RunnerWebhook.Tests.Yaml;

public sealed class FlowSpliceTests
{
    [Theory]
    [InlineData("v: []\n", "v: [{k: a, s: 1}]\n")]
    [InlineData("v: [] # c\n", "v: [{k: a, s: 1}] # c\n")]
    [InlineData("v: [ ]\n", "v: [ {k: a, s: 1}]\n")]
    [InlineData("v: [\n  ]\n", "v: [\n  {k: a, s: 1}]\n")]
    [InlineData("v: [ # c\n  ]\n", "v: [ # c\n  {k: a, s: 1}]\n")]
    [InlineData("v: [b]\n", "v: [b, {k: a, s: 1}]\n")]
    [InlineData("v: [ b , c ]\n", "v: [ b , c, {k: a, s: 1} ]\n")]
    [InlineData("v: [b,c]\n", "v: [b,c,{k: a,s: 1}]\n")]
    [InlineData("v: [b, ]\n", "v: [b, {k: a, s: 1}, ]\n")]
    [InlineData("v: [b,\n  c]\n", "v: [b,\n  c, {k: a, s: 1}]\n")]
    [InlineData("v: [\n  b\n]\n", null)]
    [InlineData("v: [\n    b\n  ]\n", "v: [\n    b,\n    {\n        k: a,\n        s: 1\n    }\n  ]\n")]
    [InlineData("v: [\n    b, # c\n  ]\n", "v: [\n    b, # c\n    {\n        k: a,\n        s: 1\n    },\n  ]\n")]
    [InlineData("v: [\n    b # c\n  ]\n", "v: [\n    b, # c\n    {\n        k: a,\n        s: 1\n    }\n  ]\n")]
    [InlineData("v: [\n    b # c\n  , d # e\n  ]\n", null)]
    [InlineData("w: \"\U0001F600\u00E9\" # \U0001F600\nv: []\n",
        "w: \"\U0001F600\u00E9\" # \U0001F600\nv: [{k: a, s: 1}]\n")]
    [InlineData("w: {\"a\": 1}\nv: [\"b\"]\n", "w: {\"a\": 1}\nv: [\"b\", {\"k\": \"a\", \"s\": 1}]\n")]
    [InlineData("{\"v\":[]}", "{\"v\":[{\"k\":\"a\",\"s\":1}]}")]
    [InlineData("{\"v\": []}", "{\"v\": [{\"k\": \"a\", \"s\": 1}]}")]
    [InlineData("{\"v\":[1,2]}", "{\"v\":[1,2,{\"k\":\"a\",\"s\":1}]}")]
    [InlineData("{\r\n  \"v\": []\r\n}\r\n",
        "{\r\n  \"v\": [\r\n    {\r\n      \"k\": \"a\",\r\n      \"s\": 1\r\n    }\r\n  ]\r\n}\r\n")]
    [InlineData("{\n\t\"v\": [\n\t\t1\n\t]\n}\n",
        "{\n\t\"v\": [\n\t\t1,\n\t\t{\n\t\t\t\"k\": \"a\",\n\t\t\t\"s\": 1\n\t\t}\n\t]\n}\n")]
    [InlineData("{\n  \"v\": [1, 2]\n}\n", "{\n  \"v\": [1, 2, {\"k\": \"a\", \"s\": 1}]\n}\n")]
    public void Add_AtEndOfFlowSequence_InsertsInsideBrackets(string text, string? expected)
    {
        var spliced = ThereAndBack(text, Add("/v/-", """{"k":"a","s":1}"""));
        Assert.Equal(expected ?? spliced, spliced);
    }

    [Theory]
    [InlineData("v: [b, c]\n", 0, "v: [9, b, c]\n")]
    [InlineData("v: [b, c]\n", 1, "v: [b, 9, c]\n")]
    [InlineData("v: [\n  # c\n  b]\n", 0, "v: [\n  # c\n  9,\n  b]\n")]
    [InlineData("{\"v\":[1,2]}", 0, "{\"v\":[9,1,2]}")]
    [InlineData("{\n  \"v\": [\n    1,\n    2\n  ]\n}", 0, "{\n  \"v\": [\n    9,\n    1,\n    2\n  ]\n}")]
    [InlineData("{\n  \"v\": [\n    1,\n    2\n  ]\n}", 1, "{\n  \"v\": [\n    1,\n    9,\n    2\n  ]\n}")]
    public void Add_IntoFlowSequence_InsertsBeforeTheNext(string text, int index, string expected) =>
        Assert.Equal(expected, ThereAndBack(text, Add($"/v/{index}", "9")));

    [Theory]
    [InlineData("v: {}\n", "v: {x: {k: \"y\", l: [1]}}\n")]
    [InlineData("v: {a: b}\n", "v: {a: b, x: {k: \"y\", l: [1]}}\n")]
    [InlineData("v: { a: b }\n", "v: { a: b, x: {k: \"y\", l: [1]} }\n")]
    [InlineData("v: {a: }\n", "v: {a: , x: {k: \"y\", l: [1]} }\n")]
    [InlineData("v: {a}\n", "v: {a, x: {k: \"y\", l: [1]}}\n")]
    [InlineData("v: {a: b,}\n", "v: {a: b, x: {k: \"y\", l: [1]},}\n")]
    [InlineData("{\"v\":{}}", "{\"v\":{\"x\":{\"k\":\"y\",\"l\":[1]}}}")]
    [InlineData("{\n    \"v\": {\n        \"a\": 1\n    }\n}\n",
        "{\n    \"v\": {\n        \"a\": 1,\n        \"x\": {\n            \"k\": \"y\",\n"
        + "            \"l\": [\n                1\n            ]\n        }\n    }\n}\n")]
    public void Add_ToFlowMapping_InsertsInsideBraces(string text, string expected) =>
        Assert.Equal(expected, ThereAndBack(text, Add("/v/x", """{"k":"y","l":[1]}""")));

    [Theory]
    [InlineData("{}", "/x", "{\"x\": 9}")]
    [InlineData("[]\n", "/-", "[9]\n")]
    [InlineData("{\"a\":1}\n", "/x", "{\"a\":1,\"x\":9}\n")]
    [InlineData("{\n  \"a\": 1\n}", "/x", "{\n  \"a\": 1,\n  \"x\": 9\n}")]
    [InlineData("--- {a: 1}\n", "/x", "--- {a: 1, x: 9}\n")]
    [InlineData("- {a: 1} # c\n", "/0/x", "- {a: 1, x: 9} # c\n")]
    [InlineData("- [a: 1]\n", "/0/-", "- [a: 1, 9]\n")]
    public void Add_ToFlowRoot_InsertsInsideBrackets(string text, string path, string expected) =>
        Assert.Equal(expected, ThereAndBack(text, Add(path, "9")));

    [Theory]
    [InlineData("{\"v\": null}", "[{\"k\":1}]", "{\"v\": [{\"k\": 1}]}")]
    [InlineData("{\n  \"v\": null\n}\n", "[1]", "{\n  \"v\": [\n    1\n  ]\n}\n")]
    [InlineData("{\"v\": \"a\"}", "\"yes\"", "{\"v\": \"yes\"}")]
    [InlineData("{v: a}", "\"b\"", "{v: b}")]
    [InlineData("{v: 'a'}", "\"b, c\"", "{v: 'b, c'}")]
    [InlineData("{v: [1, 2]}", "[]", "{v: []}")]
    [InlineData("{v: 1.50}", "2", "{v: 2}")]
    public void Replace_InFlow_ChangesOnlyTheValue(string text, string json, string expected) =>
        Assert.Equal(expected, ThereAndBack(text, Replace("/v", json)));

    [Theory]
    [InlineData("v: [{a: 1}, 2]\n", "/v/0/a", "v: [{}, 2]\n")]
    [InlineData("v: [1, 2, 3]\n", "/v/0", "v: [2, 3]\n")]
    [InlineData("v: [1, 2, 3]\n", "/v/1", "v: [1, 3]\n")]
    [InlineData("v: [1, 2, 3]\n", "/v/2", "v: [1, 2]\n")]
    [InlineData("v: [1, 2, ]\n", "/v/1", "v: [1, ]\n")]
    [InlineData("v: [1, ]\n", "/v/0", "v: [ ]\n")]
    [InlineData("v: [\n  1, # one\n  2 # two\n  ]\n", "/v/0", "v: [\n   # one\n  2 # two\n  ]\n")]
    [InlineData("v: [\n  1, # one\n  2 # two\n  ]\n", "/v/1", "v: [\n  1 # one # two\n  ]\n")]
    [InlineData("{\n  \"v\": [\n    1\n  ]\n}", "/v/0", "{\n  \"v\": []\n}")]
    public void Remove_FromFlow_TakesEntryAndComma(string text, string path, string expected) =>
        Assert.Equal(expected, Splice(text, Remove(path)));

    [Fact]
    public void Add_AwkwardStringsToJson_StaysJson()
    {
        var spliced = ThereAndBack(
            "{\"a\":1}", Add("/b", "\"tab\\t \\\"q\\\" \\\\ \\u0001 \\u2028 \\ud83d\\ude00 \\n /\""));

        using var json = System.Text.Json.JsonDocument.Parse(spliced);
        Assert.Equal(
            "tab\t \"q\" \\ \u0001 \u2028 \U0001F600 \n /", json.RootElement.GetProperty("b").GetString());
    }

    [Fact]
    public void Replace_ByStringWithComma_IsQuoted() =>
        Assert.Equal("{v: \"b, c\"}", Splice("{v: a}", Replace("/v", "\"b, c\"")));

    [Fact]
    public void Add_ToMappingWithoutBraces_IsRefused() => Refuse("- [a: 1]\n", Add("/0/0/x", "9"));
}
