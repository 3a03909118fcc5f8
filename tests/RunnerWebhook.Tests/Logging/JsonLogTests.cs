using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RunnerWebhook.Logging;
using Xunit;

namespace RunnerWebhook.Tests.Logging;

// Templates that no delegate of the product has are the subject here.
#pragma warning disable CA1848, CA1873

/// <summary>Each line is one JSON object, whatever is logged.</summary>
public sealed class JsonLogTests
{
    [Fact]
    public void Line_OfAMessage_HasTheMembersOfDotnetsOwnJsonConsole()
    {
        var line = Assert.Single(Logged(log => log.LogWarning(new EventId(7), "got {Count} of {Name}", 3, "a")));

        Assert.Equal("""
            {"Timestamp":"2026-11-27T10:00:00.000Z","EventId":7,"LogLevel":"Warning","Category":"test","Message":"got 3 of a","State":{"Count":3,"Name":"a","{OriginalFormat}":"got {Count} of {Name}"}}
            """, line);
    }

    public static IEnumerable<TheoryDataRow<string>> Awkward() =>
    [
        new("two\nlines\r\n"), new("\"quoted\\\""), new("\0\u0001\u001b[31m\u007f\u0085"), new("\u2028\u2029"), new("Läufer 🏃"),
        new("\ud800"), new("\udc00 first"), new("a\ud83d"), new("{Count}"), new("</script>"),
    ];

    [Theory]
    [MemberData(nameof(Awkward))]
    public void Line_OfAwkwardText_IsOneLineOfJsonWithTheText(string text)
    {
        var line = Assert.Single(Logged(log => log.LogInformation("{Text}", text)));

        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        var json = JsonNode.Parse(line)!;
        Assert.Equal(whole, (string)json["Message"]!);
        Assert.Equal(whole, (string)json["State"]!["Text"]!);
        Assert.DoesNotContain(line, char.IsControl);
    }

    [Fact]
    public void Line_WithATokenAnywhere_ShowsNone()
    {
        const string Token = "glrt-of-a-created-runner";

        var line = Assert.Single(Logged(log => log.LogError(Thrown(Token), "{Text}", $"/etc/{Token}")));

        Assert.DoesNotContain(Token, line, StringComparison.Ordinal);
        Assert.Equal("/etc/***", (string)JsonNode.Parse(line)!["Message"]!);
    }

    [Fact]
    public void Line_OfMegabytes_IsCut()
    {
        var lines = Logged(log =>
        {
            log.LogInformation("{Text}", new string('ä', 5_000_000));
            log.LogInformation("next");
        });

        Assert.Equal(2, lines.Length);
        Assert.Equal(JsonLog.MaxText, ((string)JsonNode.Parse(lines[0])!["Message"]!).Length);
        Assert.Equal("next", (string)JsonNode.Parse(lines[1])!["Message"]!);
    }

    [Theory]
    [InlineData(LogLevel.Debug, false)]
    [InlineData(LogLevel.Warning, false)]
    [InlineData(LogLevel.Error, true)]
    [InlineData(LogLevel.Critical, true)]
    public void Exception_BelowError_IsItsMessageWithoutAStackTrace(LogLevel level, bool hasStack)
    {
        var line = Assert.Single(Logged(log => log.Log(level, Thrown("bad request"), "connection closed")));

        var text = (string)JsonNode.Parse(line)!["Exception"]!;
        Assert.StartsWith("System.InvalidOperationException: bad request", text, StringComparison.Ordinal);
        Assert.Equal(hasStack, text.Contains(nameof(Thrown), StringComparison.Ordinal));
    }

    [Fact]
    public void Values_OfAnyType_AreJson()
    {
        var line = Assert.Single(Logged(log => log.LogInformation(
            "{A} {B} {C} {D} {E}", double.NaN, null, true, 9_007_199_254_740_993L, new Uri("http://a/b c"))));

        var state = JsonNode.Parse(line)!["State"]!;
        Assert.Equal("NaN", (string)state["A"]!);
        Assert.Null(state["B"]);
        Assert.True((bool)state["C"]!);
        Assert.Equal(9_007_199_254_740_993L, (long)state["D"]!);
        Assert.Equal("http://a/b c", (string)state["E"]!);
    }

    [Fact]
    public async Task Lines_OfManyThreads_AreAllThereAndWhole()
    {
        var lines = Logged(log => Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                log.LogInformation("{Thread} {Index}", thread, i);
            }
        }))).Wait());

        Assert.Equal(1600, lines.Select(line => (string)JsonNode.Parse(line)!["Message"]!).Distinct().Count());
        await Task.CompletedTask;
    }

    private static InvalidOperationException Thrown(string message)
    {
        try
        {
            throw new InvalidOperationException(message);
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }

    private static string[] Logged(Action<ILogger> log)
    {
        using var stream = new MemoryStream();
        using (var provider = new JsonLog(new LineSink(stream), new FakeTimeProvider(new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero))))
        {
            log(provider.CreateLogger("test"));
        }

        return Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
