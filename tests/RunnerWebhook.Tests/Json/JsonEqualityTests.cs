using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using Xunit;

namespace RunnerWebhook.Tests.Json;

public sealed class JsonEqualityTests
{
    private const string HugeNumber = "1e99999999999999999999";

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("10e1", "1E2", true)]
    [InlineData("-0", "0", true)]
    [InlineData("1e00000001", "10", true)]
    [InlineData("1", "2", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("{\"a\":1,\"b\":[null]}", "{\"b\":[null],\"a\":1.0}", true)]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":2}", false)]
    [InlineData("{\"a\":1}", "{\"b\":1}", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("[1]", "[1,1]", false)]
    [InlineData("\"\\u0061\"", "\"a\"", true)]
    [InlineData("null", "false", false)]
    [InlineData("null", "null", true)]
    [InlineData(HugeNumber, HugeNumber, true)]
    [InlineData("[{\"a\":" + HugeNumber + "}]", "[{\"a\":1}]", false)]
    [InlineData("-1e-99999999999", HugeNumber, false)]
    public void Values_Compared_AreEqualIfTheyMeanTheSame(string left, string right, bool same)
    {
        Assert.Equal(same, JsonEquality.AreEqual(JsonElement.Parse(left), JsonElement.Parse(right)));
        Assert.Equal(same, JsonEquality.AreEqual(JsonNode.Parse(left), JsonNode.Parse(right)));
        Assert.Equal(same, JsonEquality.AreEqual(JsonNode.Parse(right), JsonNode.Parse(left)));
    }
}
