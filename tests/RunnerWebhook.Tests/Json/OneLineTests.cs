using CsCheck;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using Xunit;

namespace RunnerWebhook.Tests.Json;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("as it is: ü 日本 🦊", "as it is: ü 日本 🦊")]
    [InlineData("a\nb\r\n\tc", "a\\nb\\r\\n\\tc")]
    [InlineData("\u001b[31mred\0", "\\u001b[31mred\\u0000")]
    [InlineData("\u2028\u202eturned\u2066", "\\u2028\\u202eturned\\u2066")]
    [InlineData("", "")]
    [InlineData("is 'glrt-t3_abc.1-d_E=', but must be a name", "is '***', but must be a name")]
    [InlineData("a GR1348941xyz, a glagent-abc and eyJhbGciOi.eyJpc3Mi.sig", "a ***, a *** and ***")]
    [InlineData("id-eyJhbGciOi.eyJpc3Mi.sig, a_b-eyJhbGciOi.eyJpc3Mi. and eyJ-eyJa.b", "***, *** and eyJ-eyJa.b")]
    [InlineData("tcp://user:hunter2@docker:2376, git://git@host/a:b@c", "tcp://user:***@docker:2376, git://git@host/a:b@c")]
    [InlineData("volume global-config of glance-api and glusterfs-data", "volume global-config of glance-api and glusterfs-data")]
    [InlineData("TOKEN_glrt-a, token%3Dglpat-b, a\\nGR1348941c and acme-glrt-d", "TOKEN_***, token%3D***, a\\n*** and acme-***")]
    [InlineData("'Z2xydC10M19wbGFudGVkLTAx', R1IxMzQ4OTQxcGxhbnRlZC10b2tlbi0x and Z2xwYXQtcGxhbnRlZC0wMQ==", "'***', *** and ***")]
    [InlineData("/a%2FZ2xydC10M19wbGFudGVkLTAx%2FeyJhbGciOi.eyJpc3Mi.sig, a.keyJson.b.c", "/a%2F***%***, a.keyJson.b.c")]
    [InlineData("tcp://me:p@ss@host/x, is 'me:hunter2@docker:2376' and docker:27@sha256:0f1e", "tcp://me:***@host/x, is 'me:***@docker:2376' and docker:27@sha256:0f1e")]
    [InlineData("https://h/?private_token=a%2Fb&x=1 and /mutate?t=1&api-key=c", "https://h/?private_token=***&x=1 and /mutate?t=1&api-key=***")]
    [InlineData("tokens such as glrt-… and glpat-", "tokens such as glrt-… and glpat-")]
    public void Text_Quoted_StaysInItsLineAndShowsNoToken(string text, string shown) => Assert.Equal(shown, OneLine.Of(text));

    /// <summary>Whatever is before or after it.</summary>
    [Fact]
    public void Token_BetweenAnyTexts_IsNotShown()
    {
        var text = Gen.Char["\0\n\r\t \"'%&*+,-./0:=?@[\\]_`aeglrtyzGJR{}é\u200b\u202e"].Array[0, 12].Select(letters => new string(letters));
        string[] tokens = ["glrt-PLANTED", "glpat-t3_PLANTED.01.x", "GR1348941PLANTED", "glrtr-PLANTED", "glsoat-PLANTED"];
        var token = Gen.Int[0, tokens.Length - 1].Select(index => tokens[index]);
        Gen.Select(text, token, text).Sample((before, planted, after) =>
            !OneLine.Of(before + planted + after).Contains("PLANTED", StringComparison.Ordinal), iter: 20_000);
    }

    [Fact]
    public void Outcome_Sentences_AreOneLineEach()
    {
        var outcome = new InjectionOutcome(OutcomeCode.DeniedMalformed, "a\nb") { Advice = ["c", "d\re"] };

        Assert.Equal("a\\nb", outcome.Sentence);
        Assert.Equal(["c", "d\\re"], outcome.Advice);
        Assert.Equal("f\\ng", (outcome with { Sentence = "f\ng" }).Sentence);
    }
}
